"""Certificates for tests: an authority, a pair for each side that it signed, and a stranger's authority."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.UTC)


@dataclass(frozen=True)
class Certificates:
    folder: Path
    authority: Path
    stranger: Path
    _key: rsa.RSAPrivateKey
    _made: dict[str, tuple[Path, Path]] = field(default_factory=dict)

    @classmethod
    def made(cls, folder: Path) -> Certificates:
        key = rsa.generate_private_key(65537, 2048)
        other = rsa.generate_private_key(65537, 2048)
        authority = _written(
            folder / "authority.pem", _certificate("authority", key, key, "authority", is_authority=True)
        )
        stranger = _written(
            folder / "stranger.pem", _certificate("stranger", other, other, "stranger", is_authority=True)
        )
        return cls(folder, authority, stranger, key)

    def pair(self, name: str) -> tuple[Path, Path]:
        """Certificate and key of one side, for localhost."""
        if name not in self._made:
            key = rsa.generate_private_key(65537, 2048)
            certificate = _written(self.folder / f"{name}.pem", _certificate(name, key, self._key, "authority"))
            path = self.folder / f"{name}.key"
            encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
            path.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
            self._made[name] = certificate, path
        return self._made[name]


def _certificate(
    name: str, key: rsa.RSAPrivateKey, signer: rsa.RSAPrivateKey, issuer: str, is_authority: bool = False
) -> x509.Certificate:
    def called(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    building = (
        x509.CertificateBuilder()
        .subject_name(called(name))
        .issuer_name(called(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - datetime.timedelta(days=1))
        .not_valid_after(NOW + datetime.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if is_authority:
        usage = x509.KeyUsage(*[place in (5, 6) for place in range(9)])
        building = building.add_extension(usage, critical=True)
    else:
        building = building.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return building.sign(signer, hashes.SHA256())


def _written(path: Path, certificate: x509.Certificate) -> Path:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path
