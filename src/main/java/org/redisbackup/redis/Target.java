package org.redisbackup.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Address and credentials of a Redis or Valkey server.
 *
 * @param host name or address, without brackets for IPv6
 * @param port 1-65535
 * @param username ACL user, or null for the default user
 * @param password or null for none
 * @param tls whether the connection is encrypted
 */
public record Target(String host, int port, String username, Secret password, boolean tls) {
    private static final int DEFAULT_PORT = 6379;

    /** Not java.net.URI, which refuses the underscore that names of containers have. */
    private static final Pattern URL = Pattern.compile(
            "(?<scheme>rediss?)://(?:(?<user>[^@]*)@)?(?<host>\\[[0-9a-fA-F:.%]+]|[^:/?#@\\[\\]\\s]+)(?::(?<port>\\d{1,5}))?/?",
            Pattern.CASE_INSENSITIVE);

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
     * percent-encoded. A path, such as a database number, is refused: a backup has its own databases.
     *
     * @throws IllegalArgumentException when it is no such URL; the message does not repeat the password
     */
    public static Target parse(String url) {
        Matcher parts = URL.matcher(url.trim());
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "not a Redis URL; expected redis://[[user:]password@]host[:port], or rediss:// for TLS, and no path");
        }
        String username = null;
        String password = null;
        if (parts.group("user") != null) {
            String[] credentials = parts.group("user").split(":", 2);
            username = credentials[0].isEmpty() ? null : decode(credentials[0]);
            password = credentials.length > 1 ? decode(credentials[1]) : null;
        }
        String port = parts.group("port");
        return new Target(
                parts.group("host").replaceAll("^\\[|]$", ""),
                port == null ? DEFAULT_PORT : Integer.parseInt(port),
                username,
                Secret.of(password),
                parts.group("scheme").equalsIgnoreCase("rediss"));
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The same server with another password; null leaves this one. */
    public Target withPassword(Secret other) {
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
