package org.redisbackup.task;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;

/**
 * Addresses that a request must not make the service connect to: those of one link (RFC 3927, RFC 4291), among them the
 * metadata service of clouds, multicast and unspecified ones, and IPv6 addresses that a gateway turns into such an IPv4
 * address (RFC 6052, RFC 3056).
 */
final class ForbiddenAddresses {
    /** Metadata services that are not link-local: Alibaba Cloud's, and that of AWS over IPv6. */
    private static final Set<String> METADATA = Set.of("100.100.100.200", "fd00:ec2:0:0:0:0:0:254");

    private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final byte[] SIX_TO_FOUR = {0x20, 0x02};
    private static final byte[] IPV4_COMPATIBLE = new byte[12];

    private ForbiddenAddresses() {}

    /** @param loopback whether this machine may be reached */
    static boolean contains(InetAddress address, boolean loopback) {
        return address.isLinkLocalAddress()
                || address.isMulticastAddress()
                || address.isAnyLocalAddress()
                || (address.isLoopbackAddress() && !loopback)
                || METADATA.contains(address.getHostAddress())
                || (address instanceof Inet6Address && !address.isLoopbackAddress() && embedsForbidden(address));
    }

    private static boolean embedsForbidden(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (startsWith(bytes, NAT64) || startsWith(bytes, IPV4_COMPATIBLE)) {
            return contains(ipv4(bytes, 12), false);
        }
        return startsWith(bytes, SIX_TO_FOUR) && contains(ipv4(bytes, 2), false);
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static InetAddress ipv4(byte[] bytes, int offset) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, offset, offset + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
