"""Why a signature is refused: stable reasons with their words in three languages."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from qalqan.errors import QalqanError


class Reason(StrEnum):
    """What is wrong with a signature."""

    UNREADABLE = "unreadable"
    NOT_CAP = "not_cap"
    NONE = "none"
    SEVERAL = "several"
    WRAPPED = "wrapped"
    DUPLICATE_ID = "duplicate_id"
    MALFORMED = "malformed"
    REFERENCE = "reference"
    TRANSFORM = "transform"
    ALGORITHM = "algorithm"
    WEAK_KEY = "weak_key"
    KEY_INFO = "key_info"
    UNTRUSTED = "untrusted"
    VALUE = "value"
    DIGEST = "digest"
    XADES = "xades"
    TIME = "time"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    FUTURE = "future"


TEXTS: Final[dict[Reason, tuple[str, str, str]]] = {
    Reason.UNREADABLE: (
        "Құжат XML ретінде оқылмайды немесе қауіпті мазмұны бар.",
        "Документ не читается как XML или содержит опасное содержимое.",
        "The document cannot be read as XML, or holds dangerous content.",
    ),
    Reason.NOT_CAP: (
        "Құжаттың түбірі CAP ескертуі емес.",
        "Корень документа не является предупреждением CAP.",
        "The root of the document is no CAP alert.",
    ),
    Reason.NONE: ("Қолтаңба жоқ.", "Подписи нет.", "There is no signature."),
    Reason.SEVERAL: (
        "Бірден көп қолтаңба бар.",
        "Подписей больше одной.",
        "There is more than one signature.",
    ),
    Reason.WRAPPED: (
        "Қолтаңба ескертудің тікелей ішінде емес, басқа жерде тұр.",
        "Подпись стоит не прямо внутри предупреждения, а в другом месте.",
        "The signature does not stand directly in the alert.",
    ),
    Reason.DUPLICATE_ID: (
        "Бір Id бірнеше рет кездеседі.",
        "Один и тот же Id встречается несколько раз.",
        "An Id occurs more than once.",
    ),
    Reason.MALFORMED: (
        "Қолтаңбаның құрылымы дұрыс емес.",
        "Строение подписи неверно.",
        "The signature is not built as it must be.",
    ),
    Reason.REFERENCE: (
        "Қолтаңба бүкіл ескертуді қамтымайды.",
        "Подпись охватывает не всё предупреждение.",
        "The signature does not cover the whole alert.",
    ),
    Reason.TRANSFORM: (
        "Қолтаңбада рұқсат етілмеген түрлендіру бар.",
        "В подписи есть недопустимое преобразование.",
        "The signature holds a transform that is not allowed.",
    ),
    Reason.ALGORITHM: (
        "Қолтаңба алгоритмі рұқсат етілмеген немесе ескірген.",
        "Алгоритм подписи недопустим или устарел.",
        "The algorithm of the signature is not allowed, or is outdated.",
    ),
    Reason.WEAK_KEY: (
        "Сертификаттың кілті тым әлсіз.",
        "Ключ сертификата слишком слаб.",
        "The key of the certificate is too weak.",
    ),
    Reason.KEY_INFO: (
        "Қолтаңбадағы кілт сертификаттағы кілттен өзге.",
        "Ключ в подписи не совпадает с ключом сертификата.",
        "The key in the signature is another one than that of the certificate.",
    ),
    Reason.UNTRUSTED: (
        "Қол қойған сертификат сенімділер тізімінде жоқ.",
        "Сертификата подписавшего нет в списке доверенных.",
        "The signer's certificate is not among the trusted ones.",
    ),
    Reason.VALUE: (
        "Қолтаңба мәні сәйкес келмейді.",
        "Значение подписи не сходится.",
        "The value of the signature does not match.",
    ),
    Reason.DIGEST: (
        "Ескерту қол қойылғаннан кейін өзгертілген.",
        "Предупреждение изменено после подписания.",
        "The alert was changed after it was signed.",
    ),
    Reason.XADES: (
        "XAdES қасиеттері дұрыс емес немесе басқа сертификатқа тиесілі.",
        "Свойства XAdES неверны или относятся к другому сертификату.",
        "The XAdES properties are wrong, or belong to another certificate.",
    ),
    Reason.TIME: (
        "Қол қойылған уақыт оқылмайды.",
        "Время подписания не читается.",
        "The time of signing cannot be read.",
    ),
    Reason.EXPIRED: (
        "Қол қойылған кезде сертификаттың мерзімі өткен.",
        "На момент подписания срок сертификата истёк.",
        "The certificate had expired at the time of signing.",
    ),
    Reason.NOT_YET_VALID: (
        "Қол қойылған кезде сертификат әлі күшіне енбеген.",
        "На момент подписания сертификат ещё не вступил в силу.",
        "The certificate was not yet valid at the time of signing.",
    ),
    Reason.FUTURE: (
        "Қол қойылған уақыт болашақта.",
        "Время подписания лежит в будущем.",
        "The time of signing lies in the future.",
    ),
}


class SignatureError(QalqanError):
    """A signature is missing, forged, or not trusted; ``reason`` tells which.

    Parameters
    ----------
    reason
        What is wrong.
    detail
        What was met, for the person who looks for the cause.
    """

    code = "cap.signature"
    exit_code = 1

    def __init__(self, reason: Reason, detail: str = "") -> None:
        text = TEXTS[reason][2]
        super().__init__(text, hint=detail or None)
        self.reason = reason
        self.detail = detail
