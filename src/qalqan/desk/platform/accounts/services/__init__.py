"""Every change to accounts and organisations."""

from qalqan.desk.platform.accounts.services.demo import (
    DemoUser,
    create_demo_users,
    create_login_link,
    use_login_link,
)
from qalqan.desk.platform.accounts.services.own import (
    change_own_language,
    finish_password_change,
    forget_old_sign_ins,
    note_lock_out,
    note_own_act,
)
from qalqan.desk.platform.accounts.services.users import (
    change_user,
    create_organisation,
    create_user,
    deactivate_user,
    get_or_create_organisation,
    reactivate_user,
    reset_password,
    reset_second_factor,
)

__all__ = [
    "DemoUser",
    "change_own_language",
    "change_user",
    "create_demo_users",
    "create_login_link",
    "create_organisation",
    "create_user",
    "deactivate_user",
    "finish_password_change",
    "forget_old_sign_ins",
    "get_or_create_organisation",
    "note_lock_out",
    "note_own_act",
    "reactivate_user",
    "reset_password",
    "reset_second_factor",
    "use_login_link",
]
