"""What an installation may decide. Every setting is an environment variable ``MERIDIAN_…`` or a line of ``meridian.env``."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.access.person import Role

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """The settings, with the values of a fresh installation."""

    model_config = SettingsConfigDict(env_prefix="MERIDIAN_", env_file="meridian.env", extra="ignore", frozen=True)

    store: Path = ROOT / "data" / "store"
    """The folder of the store: everything that was accepted, its history, accounts."""
    worker: Literal["child", "service"] = "child"
    """Who starts the worker: the web process when there is work (child), or the system (service: ``python -m pipelines worker``)."""
    language: Literal["en", "tr"] = "en"
    """Language of the command line; pages choose their own."""
    small_numbers: Literal["exact", "suppress", "round5"] = "suppress"
    """What pages and downloads do with counts of one to four people. The command line runs beside the raw files and shows them."""
    peer_names: Literal["licence", "never"] = "licence"
    """Whether institutions in a comparison are named: where the licence of their list allows it, or never (“Peer 1”)."""
    max_file_mb: int = 200
    """The largest file that is read, in MB."""
    log: Literal["json", "text"] = "json"
    """What the servers write to their standard error: lines for machines, or for people at a terminal."""
    secret: SecretStr | None = None
    """Signs short-lived cookies of the sign-in; left out, one is made at random and kept in the store."""
    openid_issuer: str = ""
    """Address of the university's identity provider; empty: local accounts only."""
    openid_client_id: str = ""
    """The name under which the provider knows Meridian."""
    openid_client_secret: SecretStr | None = None
    """The secret that the provider gave to it."""
    openid_address: str = ""
    """Where people reach Meridian, ``https://…``; empty: what the browser asked for. Needed behind a proxy that ends the encryption."""
    openid_name: str = ""
    """What the button calls it."""
    openid_scope: str = "openid profile email"
    """What is asked of the provider."""
    openid_role_claim: str = ""
    """The claim whose words mean roles; empty: everybody has the default role until an administrator changes it."""
    openid_roles: dict[str, Role] = {}
    """Word of the claim → role, as JSON: ``{"intl-office": "editor"}``."""
    openid_default_role: Role | Literal[""] = "viewer"
    """The role of whoever has none of these words; empty: they are refused."""
    countries: dict[str, str] = {}
    """Own choices for disputed codes, over ``data/reference/country_settings.toml``: ``{"northern_cyprus": "CYP"}``."""


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
