"""What can go wrong between a desk and its bridge: whose fault, in one sentence with the next step."""

from __future__ import annotations

from typing import Final

from advisor_desk.domain.errors import Refused


class ApiError(Refused):
    """The bridge was not reached, or did not do what was asked; unsent work is as it was."""

    state = "offline"
    """The link state this puts the desk in."""

    def __init__(self, code: str, message: str, retry_after: float | None = None) -> None:
        super().__init__(code, message)
        self.retry_after = retry_after


class Offline(ApiError):
    """Nobody answered, or what answered did not hold."""

    def __init__(self, message: str = "The bridge cannot be reached. Work goes on; changes wait here.") -> None:
        super().__init__("offline", message)


class CutShort(Offline):
    """What came is not what was sent: cut, garbled, or no message of ours."""

    def __init__(self) -> None:
        super().__init__("The bridge's answer was cut short; it is asked again.")


class Unreadable(Offline):
    """The answer came whole and makes no sense."""

    def __init__(self) -> None:
        super().__init__("The bridge's answer could not be read; it is asked again.")


class ProxyTrouble(ApiError):
    """The proxy that was named is not there, or lets nobody through."""

    def __init__(self) -> None:
        super().__init__(
            "proxy", "The proxy does not let this desk through. Check the proxy in Settings, or ask your IT person."
        )


class Portal(ApiError):
    """Something between here and the bridge answered in its place."""

    def __init__(self) -> None:
        super().__init__(
            "portal", "This network wants you to sign in to it first. Open a browser, sign in there, and come back."
        )


class NotOurs(ApiError):
    """Something answered that is no bridge."""

    state = "not_ours"

    def __init__(self) -> None:
        super().__init__(
            "not_ours", "That address is not an Advisor Desk bridge. Check the bridge's address in Settings."
        )


class BadAddress(ApiError):
    """The bridge's address cannot be used."""

    state = "not_ours"

    def __init__(self) -> None:
        super().__init__(
            "bad_address",
            "The bridge's address must begin with https://, or with http:// for this computer. Correct it in Settings.",
        )


class BadAuthority(ApiError):
    """The certificate authority's file that was named cannot be used."""

    def __init__(self) -> None:
        super().__init__(
            "bad_authority",
            "The certificate authority's file cannot be read. Name another in Settings, or leave it empty.",
        )


class WrongServer(ApiError):
    """A bridge answered, but not the one this cache belongs to."""

    state = "not_ours"

    def __init__(self) -> None:
        super().__init__(
            "wrong_server",
            "This is not the bridge this desk belongs to. Put the old address back, or use a new profile.",
        )


class Certificate(ApiError):
    """TLS says the server is not who it should be, or cannot say it; ``reason`` says in a word what is wrong."""

    def __init__(self, reason: str = "untrusted") -> None:
        super().__init__("certificate", _CERTIFICATE[reason])
        self.reason = reason


_CERTIFICATE: Final = {
    "expired": "The bridge's certificate has run out. Check this computer's date and time; if they are right, ask for "
    "the certificate to be renewed.",
    "not_yet_valid": "The bridge's certificate is not valid yet. Set this computer's date and time right.",
    "wrong_name": "The bridge's certificate is for another name. Check the bridge's address in Settings.",
    "untrusted": "The bridge's certificate comes from nobody this computer trusts. Name its authority's file in "
    "Settings, or ask your IT person.",
    "outdated": "The bridge offers only outdated encryption. Ask your IT person to update it.",
    "not_tls": "That address does not speak https. Check the bridge's address in Settings.",
}


class SignInNeeded(ApiError):
    """The token ran out or was taken back."""

    state = "sign_in"

    def __init__(self) -> None:
        super().__init__("sign_in", "Sign in to go on syncing. Work goes on; changes wait here.")


class TooNew(ApiError):
    """The bridge no longer speaks with a desk this old."""

    state = "too_old"

    def __init__(self) -> None:
        super().__init__("too_old", "This Advisor Desk is too old for the bridge. Update it; unsent changes are kept.")


class TooOld(ApiError):
    """The bridge speaks an older protocol than this desk."""

    state = "too_new"

    def __init__(self) -> None:
        super().__init__("too_new", "The bridge is older than this Advisor Desk. Ask for the bridge to be updated.")


class CursorGone(ApiError):
    """The place in the feed is gone: the bridge was put back from a backup or has forgotten that far."""

    state = "syncing"

    def __init__(self) -> None:
        super().__init__("cursor_gone", "The bridge asks for a fresh copy of its records. Unsent changes are kept.")


class Numbering(ApiError):
    """The bridge has seen this desk's numbers from elsewhere, or misses some."""

    state = "syncing"

    def __init__(self, code: str) -> None:
        super().__init__(code, "This desk's count of changes is not the bridge's. It counts anew; nothing is lost.")


class Said(ApiError):
    """The bridge, or the server in front of it, refused the request with a problem of its own."""

    def __init__(self, code: str, status: int, retry_after: float | None = None) -> None:
        words = "The bridge is busy or faulty just now. Work goes on; changes wait here."
        if status == 403:
            words = "The bridge no longer lets you do this. Ask your manager, or sign in again; changes wait here."
        super().__init__(code, words, retry_after)
        self.status = status
