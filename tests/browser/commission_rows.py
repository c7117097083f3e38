"""The sample's commission for the browser's desk."""

from django.utils import timezone
from tests.support.factories import make_user

from qalqan.cli.sample_commission import load_sample_commission
from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.policies import Role


def seed() -> None:
    """Enter the commission, what it decided and what it learned."""
    agency = Organisation.objects.get(name="Aktobe duty centre")
    secretary = make_user(Role.SECRETARY, username="table-secretary", organisation=agency)
    duty = make_user(Role.DUTY_OFFICER, username="table-duty", organisation=agency)
    load_sample_commission(secretary=secretary, duty=duty, now=timezone.now())
