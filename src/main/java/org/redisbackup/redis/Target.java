package org.redisbackup.redis;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Address and credentials of a Redis or Valkey server.
 *
 * @param host name or address, without brackets for IPv6
 * @param port 1-65535
 * @param username ACL user, or null for the default user
 * @param password or null for none; never shown by {@link #toString}
 * @param tls whether the connection is encrypted
 */
public record Target(String host, int port, String username, String password, boolean tls) {
    private static final int DEFAULT_PORT = 6379;

    public Target {
        if (host == null || host.isBlank()) {
            throw new IllegalArgumentException("a target needs a host");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("the port of a target is 1 to 65535, not " + port);
        }
    }

    /**
     * Reads {@code redis://[[user]:password@]host[:port]} or {@code rediss://...}; user and password may be
     * percent-encoded.
     *
     * @throws IllegalArgumentException when it is no such URL; the message does not repeat the password
     */
    public static Target parse(String url) {
        URI uri;
        try {
            uri = URI.create(url.trim());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a Redis URL; expected redis://[user:password@]host:port");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("redis") || scheme.equals("rediss")) || uri.getHost() == null) {
            throw new IllegalArgumentException("not a Redis URL; expected redis://[user:password@]host:port");
        }
        String username = null;
        String password = null;
        if (uri.getRawUserInfo() != null) {
            String[] parts = uri.getRawUserInfo().split(":", 2);
            username = parts[0].isEmpty() ? null : decode(parts[0]);
            password = parts.length > 1 ? decode(parts[1]) : null;
        }
        String host = uri.getHost().replaceAll("^\\[|]$", "");
        return new Target(
                host, uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(), username, password, scheme.equals("rediss"));
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The same server with another password; null leaves this one. */
    public Target withPassword(String other) {
        return other == null ? this : new Target(host, port, username, other, tls);
    }

    /** {@code host:port}. */
    public String address() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** The URL without its password. */
    @Override
    public String toString() {
        return (tls ? "rediss://" : "redis://") + (username == null ? "" : username + "@") + address();
    }
}
