package org.redisbackup.redis;

/**
 * Where a server listens.
 *
 * @param host name or address, without brackets for IPv6
 * @param port 1-65535
 */
public record Address(String host, int port) {
    public Address {
        if (host == null || host.isBlank()) {
            throw new IllegalArgumentException("a target needs a host");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("the port of a target is 1 to 65535, not " + port);
        }
    }

    /**
     * The address that a node names in a redirection, {@code host:port} without brackets for IPv6.
     *
     * @param asked who named it; a node that does not know the name that clients use leaves its host out
     * @throws IllegalArgumentException when it is none
     */
    static Address redirected(String text, Address asked) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || !text.substring(colon + 1).matches("\\d{1,5}")) {
            throw new IllegalArgumentException("expected host:port in a redirection, not " + text);
        }
        String host = text.substring(0, colon);
        return new Address(host.isEmpty() ? asked.host() : host, Integer.parseInt(text.substring(colon + 1)));
    }

    /** {@code host:port}. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
