"""``sop policy``: who may do what until when, and every change of it, signed by root persons."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from pipeline import policy_asking, policy_keys, policy_making, policy_reading, policy_signing, policy_telling
from pipeline.desk import Answer, Desk
from pipeline.policy_making import Amend
from pipeline.policy_reading import Reading
from pipeline.references import DraftRef
from pipeline.repository import Repository
from pipeline.reviewing import visible
from sop_site.approval import amending, moments, outlook
from sop_site.approval.amending import Appointment
from sop_site.approval.policy import ROLES, Forge, Policy
from sop_site.approval.webauthn import Webauthn
from sop_site.errors import AnswerIsNo, SettingsUnreadable

draft_option = click.option(
    "--draft", help="Draf yang sudah ada, atau nama baru / a draft that stands, or a new name."
)
yes_option = click.option("--yes", is_flag=True, help="Tanpa ditanya / do not ask.")
sign_option = click.option(
    "--sign-key", "sign_key", type=click.Path(path_type=Path, dir_okay=False),
    help="Kunci pemegang akar yang menandatangani / the root person's key that signs.",
)  # fmt: skip
key_option = click.option(
    "--key", "--sign-key", "sign_key", type=click.Path(path_type=Path, dir_okay=False),
    help="Kunci pemegang akar yang menandatangani / the root person's key that signs.",
)  # fmt: skip


@click.group(help="Kebijakan: siapa boleh apa sampai kapan / policy: who may do what until when.")
def command() -> None:
    """Protocol §3."""


@command.command(
    help="Tunjukkan kebijakan, atau yang diubah sebuah draf / show the policy, or what a draft changes."
)
@click.argument("draft", required=False)
@click.pass_obj
def show(desk: Desk, draft: str | None) -> Answer:
    """Persons, keys, threshold, open drafts, history; as the clone shows it, not a verdict."""
    with Repository(desk.repo()) as repo:
        if draft is not None:
            return _show_draft(desk, repo, draft)
        now, zone = desk.clock(), repo.settings().office.zone
        rules = policy_reading.public(repo)
        waiting = [(one.id, _readable(repo, one)) for one in policy_reading.drafted(repo)]
        past = policy_reading.versions(repo)
    findings = outlook.warnings(rules, now)
    data = {
        **policy_telling.policy_json(rules, now),
        "drafts": [
            {"draft": name, **(policy_telling.reading_json(desk, one, zone) if one else {"complete": False})}
            for name, one in waiting
        ],
        "history": [policy_telling.version_json(desk, version, zone) for version in past],
        "findings": desk.shown(findings),
    }
    lines = policy_telling.policy_lines(desk, rules, zone, now)
    if waiting:
        lines.append(desk.say("policy-drafts"))
    for name, reading in waiting:
        if reading is None:
            lines.append("  " + desk.say("policy-draft-unreadable", draft=visible(name)))
            continue
        lines.append("  " + desk.say("policy-draft", draft=name, version=reading.new.version))
        lines += [f"    {line}" for line in policy_telling.reading_lines(desk, reading, zone)]
    lines.append(desk.say("policy-history"))
    for version in past:
        lines += [f"  {line}" for line in policy_telling.version_lines(desk, version, zone)]
    return Answer(True, data, [*lines, *desk.told(findings)])


def _readable(repo: Repository, draft: DraftRef) -> Reading | None:
    """What a draft changes; anybody may write one, and one that cannot be read must not hide the others."""
    try:
        return policy_signing.read(repo, draft)
    except (SettingsUnreadable, AnswerIsNo):
        return None


def _show_draft(desk: Desk, repo: Repository, name: str) -> Answer:
    draft = repo.draft(name)
    now, zone = desk.clock(), repo.settings().office.zone
    reading = policy_asking.read(repo, draft)
    findings = outlook.warnings(reading.new, now)
    data = {
        **policy_telling.policy_json(reading.new, now),
        "draft": draft.id,
        **policy_telling.reading_json(desk, reading, zone),
        "findings": desk.shown(findings),
    }
    lines = [
        desk.say("policy-draft", draft=draft.id, version=reading.new.version),
        *policy_telling.reading_lines(desk, reading, zone),
        policy_asking.next_step(desk, draft.id, reading),
        *desk.told(reading.refusals),
        *desk.told(findings),
    ]
    return Answer(True, data, lines)


@command.command(
    "add-person",
    help="Tambahkan orang, atau beri peran, masa tugas, atau kunci baru / add or change a person.",
)
@click.argument("person", metavar="ID")
@click.option("--name", help="Nama / name.")
@click.option("--role", type=click.Choice(ROLES), help="Peran / role.")
@click.option("--decree", help="Nomor surat / number of the letter.")
@click.option("--from", "start", metavar="TIME", help="Hari pertama atau saat mulai / first day or moment.")
@click.option(
    "--until", metavar="TIME", help="Hari terakhir, atau saat berakhir / last day, or the moment it ends."
)
@click.option(
    "--scope", multiple=True, help="Lingkup Plh.: jalur, atau folder/** / scope of a daily stand-in."
)
@click.option("--root/--no-root", default=None, help="Pemegang akar / root person.")
@click.option("--key", "keys", multiple=True, help="Kunci publik: berkas .pub atau barisnya / public key.")
@click.option("--replace-key", is_flag=True, help="--key menggantikan kunci lama / in place of the old keys.")
@click.option("--succeeds", metavar="ID", help="Menggantikan orang ini / takes this person's place.")
@click.option(
    "--threshold", type=click.IntRange(min=1), help="Banyaknya tanda tangan akar / root signatures."
)
@draft_option
@sign_option
@yes_option
@click.pass_obj
def add_person(
    desk: Desk, person: str, name: str | None, role: str | None, decree: str | None, start: str | None,
    until: str | None, scope: tuple[str, ...], root: bool | None, keys: tuple[str, ...], replace_key: bool,
    succeeds: str | None, threshold: int | None, draft: str | None, sign_key: Path | None, yes: bool,
) -> Answer:  # fmt: skip
    """A new Camat, a Plt., a Plh., an operator, a root person; or something new about one."""
    lines = tuple(policy_keys.public_line(key) for key in keys)

    def amend(repo: Repository, now: datetime) -> Amend:
        zone = repo.settings().office.zone
        policy_asking.refuse_personal(repo, name, decree)
        wanted = Appointment(
            id=person, name=name, role=role, decree=decree, scope=scope, root=root, keys=lines,
            replaces_keys=replace_key, succeeds=succeeds,
            start=moments.first_moment(start, zone) if start else None,
            until=moments.end_moment(until, zone) if until else None,
        )  # fmt: skip
        return lambda rules: _with_threshold(
            amending.appoint(rules, wanted, moments.in_zone(now, zone)), threshold
        )

    return policy_asking.change(desk, amend, draft=draft, key=sign_key, yes=yes)


@command.command("end-term", help="Akhiri masa tugas / end a term.")
@click.argument("person", metavar="ID")
@click.option(
    "--at", "at", metavar="TIME", help="Hari terakhir, atau saat berakhir; bawaan: sekarang / last day."
)
@click.option(
    "--threshold", type=click.IntRange(min=1), help="Banyaknya tanda tangan akar / root signatures."
)
@draft_option
@key_option
@yes_option
@click.pass_obj
def end_term(
    desk: Desk, person: str, at: str | None, threshold: int | None, draft: str | None, sign_key: Path | None,
    yes: bool,
) -> Answer:  # fmt: skip
    """An operator who leaves, a Camat who moves on."""

    def amend(repo: Repository, now: datetime) -> Amend:
        zone = repo.settings().office.zone
        ends = moments.end_moment(at, zone) if at else moments.in_zone(now, zone)
        return lambda rules: _with_threshold(amending.end_term(rules, person, ends), threshold)

    return policy_asking.change(desk, amend, draft=draft, key=sign_key, yes=yes)


@command.command(help="Cabut kunci / revoke a key: KEY, FINGERPRINT, or all keys of a person's ID.")
@click.argument("key", metavar="KEY|FINGERPRINT|ID")
@click.option("--reason", required=True, help="Alasan, dicatat / reason, on record.")
@click.option(
    "--compromised-since",
    "since",
    metavar="COMMIT|TIME",
    help="Persetujuan terakhir yang masih sah, atau saat kunci dicuri / last good approval, or when.",
)
@click.option(
    "--new-key", "new_keys", multiple=True, help="Kunci publik penggantinya / the key in its place."
)
@draft_option
@key_option
@yes_option
@click.pass_obj
def revoke(
    desk: Desk, key: str, reason: str, since: str | None, new_keys: tuple[str, ...], draft: str | None,
    sign_key: Path | None, yes: bool,
) -> Answer:  # fmt: skip
    """A lost phone, a leaked key."""
    if not reason.strip():
        raise AnswerIsNo("reason-blank")
    named = policy_keys.name_of(key)
    lines = tuple(policy_keys.public_line(one) for one in new_keys)

    def amend(repo: Repository, now: datetime) -> Amend:
        policy_asking.refuse_personal(repo, reason)
        commit = _since(repo, since) if since else None

        def revoked(rules: Policy) -> Policy:
            prints = amending.fingerprints_named(rules, named)
            after = amending.revoke(rules, prints, reason.strip(), commit)
            owner = rules.owner(prints[0])
            if not lines or owner is None:
                return after
            return amending.appoint(after, Appointment(id=owner.id, keys=lines), now)

        return revoked

    return policy_asking.change(desk, amend, draft=draft, key=sign_key, yes=yes)


@command.command(
    "set", help="Ubah aturan lain / change other rules: threshold, separation, passkeys, forge merges."
)
@click.option(
    "--threshold", type=click.IntRange(min=1), help="Banyaknya tanda tangan akar / root signatures."
)
@click.option(
    "--separation/--no-separation", default=None, help="Penulis tidak menyetujui / writers do not approve."
)
@click.option("--passkey-origin", "origins", multiple=True, help="Alamat meja web / origin of the web desk.")
@click.option("--passkey-rp", "rp_id", help="Nama domain passkey / relying party id.")
@click.option("--no-passkeys", is_flag=True, help="Passkey tidak diterima / no passkeys.")
@click.option("--forge-key", "forge_keys", nargs=2, multiple=True, metavar="FINGERPRINT FILE",
              help="Kunci PGP situs git / the forge's PGP key.")  # fmt: skip
@click.option("--forge-author", "authors", nargs=2, multiple=True, metavar="ID EMAIL",
              help="Alamat orang itu di situs git / that person's address there.")  # fmt: skip
@click.option("--no-forge", is_flag=True, help="Tombol situs git tidak diterima / no merges by the forge.")
@draft_option
@key_option
@yes_option
@click.pass_obj
def set_(
    desk: Desk, threshold: int | None, separation: bool | None, origins: tuple[str, ...], rp_id: str | None,
    no_passkeys: bool, forge_keys: tuple[tuple[str, str], ...], authors: tuple[tuple[str, str], ...],
    no_forge: bool, draft: str | None, sign_key: Path | None, yes: bool,
) -> Answer:  # fmt: skip
    """What is said once for the whole office."""
    forge = _forge(forge_keys, authors)

    def amend(_repo: Repository, _now: datetime) -> Amend:
        def amended(rules: Policy) -> Policy:
            after = _with_threshold(rules, threshold)
            if separation is not None:
                after = replace(after, separation=separation)
            if no_passkeys or origins:
                rp = rp_id or (rules.webauthn.rp_id if rules.webauthn else "localhost")
                after = replace(after, webauthn=None if no_passkeys else Webauthn(rp, origins))
            if no_forge or forge is not None:
                after = replace(after, github=None if no_forge else forge)
            return after

        return amended

    return policy_asking.change(desk, amend, draft=draft, key=sign_key, yes=yes)


@command.command(
    help="Segel ulang draf yang mengubah berkas di luar content/ / seal a draft's protected files."
)
@click.argument("draft")
@key_option
@yes_option
@click.pass_obj
def seal(desk: Desk, draft: str, sign_key: Path | None, yes: bool) -> Answer:
    """After site.toml, theme, code or workflows were changed on a draft."""
    with Repository(desk.repo()) as repo:
        name = repo.draft(draft).id
    return policy_asking.change(
        desk, lambda _repo, _now: lambda rules: rules, draft=name, key=sign_key, yes=yes, save_edits=True
    )


@command.command(help="Tanda tangani draf kebijakan / sign a draft of the policy.")
@click.argument("draft", required=False)
@key_option
@yes_option
@click.pass_obj
def sign(desk: Desk, draft: str | None, sign_key: Path | None, yes: bool) -> Answer:
    """One root person's signature over the policy as the draft has it."""
    return policy_asking.sign(desk, draft, key=sign_key, yes=yes)


def _with_threshold(rules: Policy, threshold: int | None) -> Policy:
    return rules if threshold is None else replace(rules, threshold=threshold)


def _since(repo: Repository, text: str) -> str:
    is_commit = all(letter in "0123456789abcdef" for letter in text)
    moment = None if is_commit else moments.first_moment(text, repo.settings().office.zone)
    return policy_making.resolve_since(repo, text, moment)


def _forge(keys: tuple[tuple[str, str], ...], authors: tuple[tuple[str, str], ...]) -> Forge | None:
    if not keys and not authors:
        return None
    try:
        armored = tuple(Path(file).read_text(encoding="ascii") for _, file in keys)
    except (OSError, UnicodeDecodeError) as error:
        raise AnswerIsNo("key-missing", path=getattr(error, "filename", None) or keys[0][1]) from error
    return Forge(tuple(print_ for print_, _ in keys), armored, dict(authors))
