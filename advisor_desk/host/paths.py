"""Where a desk keeps its files: one profile a person and computer, or a throw-away one anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from advisor_desk.domain.errors import Refused


@dataclass(frozen=True, slots=True)
class Profile:
    """A desk's folder and the files in it; nothing is written outside it."""

    folder: Path

    @classmethod
    def at(cls, folder: Path | None) -> Profile:
        """The profile in ``folder``, or this person's own; the folder is made, closed to others. Raises Refused."""
        if folder is None:
            import platformdirs

            folder = Path(platformdirs.user_data_dir("advisor-desk", appauthor=False))
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            profile = cls(folder.resolve())
            profile._close()
        except OSError:
            raise Refused(
                "no_profile", "The profile's folder cannot be made there. Name another one with --profile-dir."
            ) from None
        return profile

    def _close(self) -> None:
        """Close a folder that is ours alone to everybody else; one that holds other things is left as it is."""
        files = (self.cache, self.journal, self.lock, self.logs, self.settings, self.layout, self.wrapped_key)
        ours = {path.name for path in files}
        inside = {path.name for path in self.folder.iterdir()}
        if not inside or inside & ours:
            self.folder.chmod(0o700)

    @property
    def cache(self) -> Path:
        """The encrypted cache."""
        return self.folder / "cache.db"

    @property
    def journal(self) -> Path:
        """The second record of unsent work, under the cache's key."""
        return self.cache.with_suffix(".journal")

    @property
    def lock(self) -> Path:
        """Held by the one desk service of this profile."""
        return self.folder / "desk.lock"

    @property
    def logs(self) -> Path:
        """The folder of the log files."""
        return self.folder / "logs"

    @property
    def settings(self) -> Path:
        """What this person chose."""
        return self.folder / "settings.json"

    @property
    def layout(self) -> Path:
        """Where the window stood and what it showed."""
        return self.folder / "window.ini"

    @property
    def wrapped_key(self) -> Path:
        """The cache's key under a passphrase, where there is no keyring."""
        return self.folder / "key.json"
