package bourse.worker;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/// Whether an address is one of the public internet's (the IANA special-purpose registries, RFC 6890).
final class PublicAddress {
    private static final List<Network> SPECIAL = networks(
            "0.0.0.0/8", // this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // shared by a carrier's customers
            "127.0.0.0/8", // loopback
            "169.254.0.0/16", // link-local; clouds keep their secrets here
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocol assignments
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // 6to4 relays
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/3", // multicast, reserved, broadcast
            "2001::/23", // protocol assignments, Teredo
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4: an IPv4 address inside
            "3fff::/20"); // documentation

    /// Outside of it lie loopback, link-local, unique-local, multicast and translated IPv4.
    private static final Network GLOBAL_UNICAST = Network.parse("2000::/3");

    private PublicAddress() {}

    static boolean is(InetAddress address) {
        boolean routed = address.getAddress().length == 4 || GLOBAL_UNICAST.holds(address);
        return routed && SPECIAL.stream().noneMatch(network -> network.holds(address));
    }

    private static List<Network> networks(String... cidrs) {
        return Arrays.stream(cidrs).map(Network::parse).toList();
    }

    private record Network(InetAddress base, int bits) {
        static Network parse(String cidr) {
            var slash = cidr.indexOf('/');
            return new Network(
                    InetAddress.ofLiteral(cidr.substring(0, slash)), Integer.parseInt(cidr.substring(slash + 1)));
        }

        boolean holds(InetAddress address) {
            int length = base.getAddress().length;
            return length == address.getAddress().length
                    && number(base)
                                    .xor(number(address))
                                    .shiftRight(8 * length - bits)
                                    .signum()
                            == 0;
        }

        private static BigInteger number(InetAddress address) {
            return new BigInteger(1, address.getAddress());
        }
    }
}
