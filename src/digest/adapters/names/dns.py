"""Asks the DNS for TXT records. Needs the extra `doctor`."""

from collections.abc import Sequence

from digest.errors import SourceError

_SECONDS = 10.0


class DnsTexts:
    """Asks the resolver of this machine, or the one given."""

    def __init__(self, nameservers: Sequence[tuple[str, int]] = ()) -> None:
        """Take (address, port) of the name servers to ask. Raises SourceError where the library is not there."""
        try:
            import dns.resolver
        except ImportError:
            message = "Names can not be looked up: install digest with the extra 'doctor'."
            raise SourceError(message) from None
        try:
            self._resolver = dns.resolver.Resolver(configure=not nameservers)
        except dns.resolver.NoResolverConfiguration:
            message = "Names can not be looked up: this machine has no resolver."
            raise SourceError(message) from None
        self._resolver.lifetime = _SECONDS
        if nameservers:
            self._resolver.nameservers = [address for address, _ in nameservers]
            self._resolver.nameserver_ports = dict(nameservers)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the TXT records of a name, the parts of each joined; none where there is none. Raises SourceError."""
        import dns.exception
        import dns.resolver

        try:
            answer = self._resolver.resolve(name, "TXT", search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except dns.exception.DNSException:
            message = f"{name} could not be looked up: no name server answered."
            raise SourceError(message) from None
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer)
