"""The whole check of a report: what was looked at, what agrees, what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qalqan.verify import canonical, compare, paper, shape
from qalqan.verify.chain import ChainFile, Head, joined, read_chain
from qalqan.verify.pdf import Paper
from qalqan.verify.signature import Signature, signature_of

AGREES, DIFFERS, NOT_CHECKED = "agrees", "differs", "not checked"


@dataclass(frozen=True, slots=True)
class File:
    """A file that was handed in: its name and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Parameters
    ----------
    code
        ``signature``, ``certificate``, ``data``, ``pages``, ``figures``, ``data-file``,
        ``chain``, ``earlier``.
    state
        ``agrees``, ``differs`` or ``not checked``.
    text
        One line for a person.
    findings
        What exactly differs: which page, figure, row or entry.
    """

    code: str
    state: str
    text: str
    findings: tuple[str, ...] = ()


@dataclass(slots=True)
class Outcome:
    """What a check found."""

    file: str
    report: dict[str, Any]
    checks: list[Check] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return all(check.state != DIFFERS for check in self.checks)

    def as_dict(self) -> dict[str, Any]:
        """Return the outcome as plain data."""
        return {
            "file": self.file,
            "agrees": self.agrees,
            "report": self.report,
            "checks": [
                {"code": one.code, "state": one.state, "text": one.text,
                 "findings": list(one.findings)}
                for one in self.checks
            ],
        }  # fmt: skip


def check(
    report: File, *, data: File | None = None, chains: Sequence[File] = (),
    fingerprint: str | None = None, before: File | None = None,
) -> Outcome:  # fmt: skip
    """Check a report against itself and against whatever is laid beside it.

    Parameters
    ----------
    report
        The PDF.
    data
        The data file from elsewhere, JSON or CSV.
    chains
        The chain file of the report; with those before it where an earlier report is far back.
    fingerprint
        SHA-256 of the certificate that one trusts.
    before
        An earlier report's PDF, whose entry must lie in the chain.

    Raises
    ------
    BadReportError
        A file is not what it should be.
    """
    signature, attached, content, pages, strange = _read(report)
    outcome = Outcome(report.name, _about(content, attached))
    outcome.checks.append(_signature(signature, content))
    outcome.checks.append(_certificate(signature, content, fingerprint))
    outcome.checks += _printed(content, attached, pages, strange)
    outcome.checks.append(_data_file(content, attached, data))
    files = [read_chain(one.data, file=one.name) for one in chains]
    outcome.checks.append(_chain(content, files))
    if before is not None:
        outcome.checks.append(_earlier(before, signature, files))
    return outcome


def _read(report: File) -> tuple[Signature, bytes, dict[str, Any], list[str], list[str]]:
    pdf = Paper(report.data, file=report.name)
    reader = pdf.opened()
    attached = pdf.attached(reader)
    content = canonical.read(attached, file=f"{report.name} (attached data)")
    shape.refuse_misshapen(content, file=f"{report.name} (attached data)")
    pages = pdf.texts(reader)
    strange = pdf.strangers(reader)
    return signature_of(report.data, file=report.name), attached, content, pages, strange


def _about(content: Mapping[str, Any], attached: bytes) -> dict[str, Any]:
    report = content["report"]
    return {
        "code": report["code"], "publisher": report["publisher"], "from": report["from"],
        "until": report["until"], "version": report["version"], "locked_at": report["locked_at"],
        "is_sample": report["is_sample"], "data_sha256": canonical.digest(attached),
        "chain": {name: content["chain"][name] for name in ("sequence", "entry_hash", "link")},
        "certificate": content["certificate"]["sha256"],
    }  # fmt: skip


def _signature(found: Signature, content: Mapping[str, Any]) -> Check:
    faults = list(found.faults)
    if not faults and found.valid_from and found.valid_until:
        locked = datetime.fromisoformat(content["report"]["locked_at"])
        if not found.valid_from <= locked <= found.valid_until:
            faults.append("the report was locked when the certificate was not valid")
    if faults:
        return Check("signature", DIFFERS, "the signature does not hold", tuple(faults))
    return Check(
        "signature", AGREES, f"the signature covers every byte of the file ({found.subject})"
    )


def _certificate(
    found: Signature, content: Mapping[str, Any], fingerprint: str | None
) -> Check:  # fmt: skip
    if not found.fingerprint:
        return Check("certificate", DIFFERS, "there is no certificate to compare")
    faults = []
    if content["certificate"]["sha256"] != found.fingerprint:
        told = content["certificate"]["sha256"]
        faults.append(f"signed with {found.fingerprint}, the report names {told}")
    if fingerprint is not None and fingerprint != found.fingerprint:
        faults.append(
            f"signed with {found.fingerprint}, you trust {fingerprint}: "
            "somebody else signed this report"
        )
    if faults:
        return Check("certificate", DIFFERS, "the signer is not who it should be", tuple(faults))
    if fingerprint is None:
        return Check(
            "certificate", NOT_CHECKED,
            f"not pinned: anybody can make such a signature; compare {found.fingerprint} "
            "with a fingerprint that you got elsewhere (--fingerprint)",
        )  # fmt: skip
    return Check("certificate", AGREES, f"signed with the certificate you trust ({fingerprint})")


def _printed(
    content: dict[str, Any], attached: bytes, pages: list[str], strange: Sequence[str]
) -> list[Check]:
    """Compare the attached data with the hash in the text, and the pages with the data."""
    digest = canonical.digest(attached)
    faults = []
    if canonical.canonical(content) != attached:
        faults.append("the attached data are not written in the canonical way")
    if digest not in "".join(pages):
        faults.append(f"the hash of the attached data, {digest}, is not printed in the report")
    data = _judged("data", faults, "the printed hash is not that of the attached data",
                   f"the attached data have the printed hash ({digest})")  # fmt: skip
    language = compare.language_of(content, pages)
    if language is None:
        bad = "the pages are those of no report of this name"
        return [data, Check("pages", DIFFERS, bad, tuple(strange))]
    bare, foot_faults = compare.without_feet(content, language, pages)
    bad = (
        "pages are missing, doubled or in another order"
        if foot_faults else "the file holds what no report has"
    )  # fmt: skip
    order = _judged("pages", [*foot_faults, *strange], bad,
                    f"{len(pages)} pages, each in its place, only words on them")  # fmt: skip
    lines = paper.lines(content, language, digest)
    text_faults = compare.pages_against(lines, bare)
    count = sum(line.kind == "figure" for line in lines)
    figures = _judged("figures", text_faults, "what is printed is not what the attached data say",
                      f"{count} figures and all words are printed as the data say")  # fmt: skip
    return [data, order, figures]


def _judged(code: str, faults: Sequence[str], bad: str, good: str) -> Check:
    return Check(code, DIFFERS, bad, tuple(faults)) if faults else Check(code, AGREES, good)


def _data_file(content: dict[str, Any], attached: bytes, given: File | None) -> Check:
    if given is None:
        return Check("data-file", NOT_CHECKED, "no data file was given (--data)")
    if given.data == attached:
        return Check("data-file", AGREES, f"{given.name} is the attached data, byte for byte")
    if not given.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        faults = compare.table_against(content, given.data, file=given.name)
        if not faults:
            return Check("data-file", AGREES, f"{given.name} has every figure of the report")
        return Check("data-file", DIFFERS, f"{given.name} differs", tuple(faults))
    other = canonical.read(given.data, file=given.name)
    faults = compare.data_against(content, other)
    faults = faults or ["the same figures, but the bytes are not those that were signed"]
    return Check("data-file", DIFFERS, f"{given.name} differs", tuple(faults))


def _chain(content: Mapping[str, Any], files: list[ChainFile]) -> Check:
    if not files:
        return Check("chain", NOT_CHECKED, "no chain file was given (--chain)")
    faults = [
        f"{one.name}: {fault}" if len(files) > 1 else fault for one in files for fault in one.faults
    ]
    faults += joined(files)
    chain = content["chain"]
    last = files[-1]
    if last.head != Head(chain["sequence"], chain["link"]):
        faults.append(
            f"the chain ends at entry {last.head.sequence}, link {last.head.link[:16]}…; "
            f"the report says entry {chain['sequence']}, link {chain['link'][:16]}…"
        )
    if not faults and last.told.get(chain["sequence"]) != chain["entry_hash"]:
        faults.append(
            f"entry {chain['sequence']}: the report names the hash {chain['entry_hash'][:16]}…, "
            "the chain file tells another entry"
        )
    start = Head(chain["start"]["sequence"], chain["start"]["link"])
    if last.start != start:
        faults.append(
            f"the chain begins at entry {last.start.sequence}; "
            f"the report says entry {start.sequence}, or with another link"
        )
    if faults:
        return Check("chain", DIFFERS, "the chain is not the one in the report", tuple(faults))
    count = sum(len(one.links) for one in files)
    told = sum(len(one.told) for one in files)
    return Check(
        "chain", AGREES,
        f"{count} entries give the link in the report; {told} are told in full and fit",
    )  # fmt: skip


def _earlier(before: File, signature: Signature, files: list[ChainFile]) -> Check:
    """Tell whether the chain was only added to since an earlier report."""
    own, attached, content, pages, strange = _read(before)
    faults = [f"{before.name}: {fault}" for fault in [*own.faults, *strange]]
    if canonical.digest(attached) not in "".join(pages):
        faults.append(f"{before.name}: its attached data have not the hash that it prints")
    told = content["certificate"]["sha256"]
    if own.fingerprint and told != own.fingerprint:
        faults.append(f"{before.name}: its certificate is not the one it names")
    following = content["certificate"]["next"]
    if own.fingerprint and signature.fingerprint not in (own.fingerprint, following):
        faults.append(f"{before.name}: signed with another certificate, and names no next one")
    if not files:
        if faults:
            return Check("earlier", DIFFERS, "the earlier report does not hold", tuple(faults))
        return Check("earlier", NOT_CHECKED, "without a chain file nothing is known of the time "
                     "since the earlier report (--chain)")  # fmt: skip
    head = Head(content["chain"]["sequence"], content["chain"]["link"])
    faults += _not_in(head, files, content["report"]["code"])
    if faults:
        return Check("earlier", DIFFERS, "the chain is not that of the earlier report, continued",
                     tuple(faults))  # fmt: skip
    return Check(
        "earlier", AGREES,
        f"the chain holds entry {head.sequence} of {content['report']['code']} as it was then: "
        "it was only added to",
    )  # fmt: skip


def _not_in(head: Head, files: list[ChainFile], code: str) -> list[str]:
    if head.sequence < files[0].start.sequence:
        return [
            f"{code} ends at entry {head.sequence}, the chain file begins at entry "
            f"{files[0].start.sequence}: give the chain files between them, too"
        ]
    if head.sequence >= files[-1].head.sequence:
        return [f"{code} ends at entry {head.sequence}, not before the end of the chain file"]
    links = [link for one in files if (link := one.link_at(head.sequence)) is not None]
    if head.link not in links or len(set(links)) > 1:
        return [f"entry {head.sequence} has another link than in {code}: the past was changed"]
    return []
