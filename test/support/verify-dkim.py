"""Verifies the DKIM signature of a mail on standard input with dkimpy, asking the name server on a port of loopback."""
import sys

import dkim
import dns.resolver

resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers = ["127.0.0.1"]
resolver.port = int(sys.argv[1])
dns.resolver.default_resolver = resolver
sys.exit(0 if dkim.verify(sys.stdin.buffer.read()) else 1)
