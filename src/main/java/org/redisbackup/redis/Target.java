package org.redisbackup.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Addresses and credentials of a Redis or Valkey: one server, a cluster, or a primary that Sentinels watch.
 *
 * @param mode what the addresses are those of
 * @param addresses of the server, of some nodes of the cluster, or of Sentinels; one in {@link TargetMode#STANDALONE}
 * @param primaryName what the Sentinels call the primary; null in the other modes
 * @param username ACL user, or null for the default user
 * @param password or null for none
 * @param encryption how connections are encrypted, or null when they are not
 */
public record Target(
        TargetMode mode,
        List<Address> addresses,
        String primaryName,
        String username,
        Secret password,
        Encryption encryption) {
    private static final int DEFAULT_PORT = 6379;
    private static final int DEFAULT_SENTINEL_PORT = 26379;
    private static final String HOST = "(?:\\[[0-9a-fA-F:.%]+]|[^:/?#@,\\[\\]\\s]+)(?::\\d{1,5})?";

    /** Not java.net.URI, which refuses several hosts, and the underscore that names of containers have. */
    private static final Pattern URL = Pattern.compile(
            "redis(?<tls>s?)(?<sentinel>-sentinel)?://(?:(?<user>[^@]*)@)?(?<hosts>" + HOST + "(?:," + HOST
                    + ")*)(?:/(?<name>[^/?#\\s]*))?",
            Pattern.CASE_INSENSITIVE);

    public Target {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("a target needs a host");
        }
        if (mode == TargetMode.STANDALONE && addresses.size() > 1) {
            throw new IllegalArgumentException("several hosts are a cluster or Sentinels; say so by the mode");
        }
        if (mode == TargetMode.SENTINEL && (primaryName == null || primaryName.isBlank())) {
            throw new IllegalArgumentException(
                    "Sentinels watch primaries by name; expected redis-sentinel://host[:port],.../name");
        }
        if (mode != TargetMode.SENTINEL && primaryName != null) {
            throw new IllegalArgumentException("only Sentinels know a primary by name; leave out " + primaryName);
        }
    }

    /** One server. */
    public Target(String host, int port, String username, Secret password, boolean tls) {
        this(
                TargetMode.STANDALONE,
                List.of(new Address(host, port)),
                null,
                username,
                password,
                tls ? Encryption.STANDARD : null);
    }

    /** Reads a URL whose scheme says the mode: that of Sentinels, or of one server. */
    public static Target parse(String url) {
        return parse(url, null, null);
    }

    /**
     * Reads {@code redis://[[user]:password@]host[:port][,host[:port]]...} or {@code rediss://...} for TLS, or {@code
     * redis-sentinel://...host[:port].../name} or {@code rediss-sentinel://...}; user and password may be
     * percent-encoded. Another path, such as a database number, is refused: a backup has its own databases.
     *
     * @param mode null for what the scheme says
     * @param primaryName of the mode of Sentinels; null for the one that the URL ends with
     * @throws IllegalArgumentException when it is no such URL; the message does not repeat the password
     */
    public static Target parse(String url, TargetMode mode, String primaryName) {
        Matcher parts = URL.matcher(url.trim());
        if (!parts.matches()) {
            throw noUrl();
        }
        TargetMode scheme = parts.group("sentinel") == null ? TargetMode.STANDALONE : TargetMode.SENTINEL;
        if (mode != null && mode != scheme && scheme == TargetMode.SENTINEL) {
            throw new IllegalArgumentException(
                    "redis-sentinel:// is no address in mode " + mode.name().toLowerCase(Locale.ROOT));
        }
        TargetMode inEffect = mode == null ? scheme : mode;
        String path = parts.group("name");
        if (inEffect != TargetMode.SENTINEL && path != null && !path.isEmpty()) {
            throw noUrl();
        }
        int defaultPort = inEffect == TargetMode.SENTINEL ? DEFAULT_SENTINEL_PORT : DEFAULT_PORT;
        String[] credentials = parts.group("user") == null
                ? new String[] {""}
                : parts.group("user").split(":", 2);
        return new Target(
                inEffect,
                Stream.of(parts.group("hosts").split(","))
                        .map(host -> address(host, defaultPort))
                        .toList(),
                inEffect == TargetMode.SENTINEL && primaryName == null ? path : primaryName,
                credentials[0].isEmpty() ? null : decode(credentials[0]),
                credentials.length > 1 ? Secret.of(decode(credentials[1])) : null,
                parts.group("tls").isEmpty() ? null : Encryption.STANDARD);
    }

    private static Address address(String text, int defaultPort) {
        int colon = text.endsWith("]") ? -1 : text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        return new Address(
                host.replaceAll("^\\[|]$", ""), colon < 0 ? defaultPort : Integer.parseInt(text.substring(colon + 1)));
    }

    private static IllegalArgumentException noUrl() {
        return new IllegalArgumentException(
                "not a Redis URL; expected redis://[[user:]password@]host[:port], or rediss:// for TLS, and no path;"
                        + " or redis-sentinel://[[user:]password@]host[:port],.../name");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The same servers with another password; null leaves this one. */
    public Target withPassword(Secret other) {
        return other == null ? this : new Target(mode, addresses, primaryName, username, other, encryption);
    }

    /** The same servers, reached in another way. */
    public Target withEncryption(Encryption other) {
        return new Target(mode, addresses, primaryName, username, password, other);
    }

    /** One server of this target: a node of the cluster, or what the Sentinels name. */
    Target at(Address one) {
        TargetMode itsMode = mode == TargetMode.CLUSTER ? mode : TargetMode.STANDALONE;
        return new Target(itsMode, List.of(one), null, username, password, encryption);
    }

    /** Of the first address. */
    public String host() {
        return addresses.get(0).host();
    }

    /** Of the first address. */
    public int port() {
        return addresses.get(0).port();
    }

    public boolean tls() {
        return encryption != null;
    }

    /** {@code host:port}, several separated by commas; for Sentinels with {@code /name}. */
    public String address() {
        return addresses.stream().map(Address::toString).collect(Collectors.joining(","))
                + (primaryName == null ? "" : "/" + primaryName);
    }

    /** The URL without its password. */
    @Override
    public String toString() {
        return "redis" + (tls() ? "s" : "") + (mode == TargetMode.SENTINEL ? "-sentinel" : "") + "://"
                + (username == null ? "" : username + "@") + address();
    }
}
