package org.redisbackup.task;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.redisbackup.redis.Target;

/**
 * The servers that requests may name by address, as patterns {@code host}, {@code host:port} or {@code host:*}: in a
 * host {@code *} stands for any characters, and without a port 6379 is meant.
 *
 * <p>A name is resolved once, and the connection goes to the very address that was checked, so that a name server which
 * answers differently the next time gains nothing. Whatever the patterns say, no address is reached that has no server
 * of its own or tells secrets: see {@link ForbiddenAddresses}.
 */
public final class AllowedTargets {
    private static final int DEFAULT_PORT = 6379;
    private static final Pattern ADDRESS = Pattern.compile(
            "(?:\\[(?<literal>[0-9a-fA-F:.]+)]|(?<host>[A-Za-z0-9*._-]{1,253}))(?::(?<port>\\d{1,5}|\\*))?");

    private final List<Allowed> allowed;

    /** @throws IllegalArgumentException when a pattern is none */
    public AllowedTargets(List<String> patterns) {
        allowed = patterns.stream().map(Allowed::parse).toList();
    }

    /**
     * The server at an address.
     *
     * @param address {@code host:port} as the request has it, with brackets around IPv6
     * @return one that names an IP address
     * @throws AddressRefusedException when it is no address, unknown, or not allowed
     */
    Target resolve(String address) throws AddressRefusedException {
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches()
                || address.contains("*")
                || port(parts.group("port")) < 1
                || port(parts.group("port")) > 65535) {
            throw new AddressRefusedException("expected one address as host:port");
        }
        String host = host(parts);
        int port = port(parts.group("port"));
        List<Allowed> matching =
                allowed.stream().filter(each -> each.matches(host, port)).toList();
        if (matching.isEmpty()) {
            throw new AddressRefusedException(host + ":" + port + " is no target that redisbackup.targets.allow names");
        }
        InetAddress[] found = lookUp(host);
        boolean loopback = matching.stream().anyMatch(Allowed::isLoopback);
        for (InetAddress each : found) {
            if (ForbiddenAddresses.contains(each, loopback)) {
                throw new AddressRefusedException(host + " is an address that no import may reach");
            }
        }
        return new Target(found[0].getHostAddress(), port, null, null, false);
    }

    private static InetAddress[] lookUp(String host) throws AddressRefusedException {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new AddressRefusedException("the host " + host + " is unknown");
        }
    }

    private static String host(Matcher parts) {
        String literal = parts.group("literal");
        String host = literal == null ? parts.group("host") : literal;
        return host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    }

    private static int port(String port) {
        return port == null ? DEFAULT_PORT : Integer.parseInt(port);
    }

    /**
     * One pattern.
     *
     * @param port 0 for any
     */
    private record Allowed(String glob, Pattern host, int port) {
        static Allowed parse(String pattern) {
            Matcher parts = ADDRESS.matcher(pattern);
            if (!parts.matches()) {
                throw new IllegalArgumentException("\"" + pattern + "\" is not host, host:port or host:*");
            }
            String glob = AllowedTargets.host(parts);
            return new Allowed(
                    glob,
                    Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q")),
                    "*".equals(parts.group("port")) ? 0 : AllowedTargets.port(parts.group("port")));
        }

        boolean matches(String name, int itsPort) {
            return (port == 0 || port == itsPort) && host.matcher(name).matches();
        }

        /** Whether it means this machine in so many words. */
        boolean isLoopback() {
            return glob.equals("localhost") || glob.equals("::1") || glob.matches("127(\\.\\d{1,3}){3}");
        }
    }
}
