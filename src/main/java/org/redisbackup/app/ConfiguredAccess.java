package org.redisbackup.app;

import static org.redisbackup.app.Configured.check;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.redisbackup.api.auth.AccessControl;
import org.redisbackup.api.auth.AccessKey;
import org.redisbackup.api.auth.Caller;
import org.redisbackup.api.auth.FailedAttempts;
import org.redisbackup.api.auth.KeystoneAccount;
import org.redisbackup.api.auth.KeystoneClient;
import org.redisbackup.api.auth.KeystoneTokens;
import org.redisbackup.api.auth.Signatures;
import org.redisbackup.api.auth.StaticTokens;
import org.redisbackup.api.auth.Tokens;

/** Who may use the API, as the properties {@code redisbackup.auth*} describe it. */
final class ConfiguredAccess {
    private static final String AUTH = "redisbackup.auth";
    private static final String TOKENS = AUTH + ".tokens";
    private static final String KEYS = AUTH + ".keys";
    private static final String KEYSTONE = AUTH + ".keystone";
    private static final String TOKEN = "token";
    private static final String SIGNATURE = "signature";
    private static final String IDENTITY = "keystone";
    private static final Set<String> METHODS = Set.of(TOKEN, SIGNATURE, IDENTITY);

    private final Settings settings;
    private final InstantSource clock = InstantSource.system();

    ConfiguredAccess(Settings settings) {
        this.settings = settings;
    }

    /**
     * All of it, checked.
     *
     * @param loopback whether only this machine can reach the server
     * @throws ConfigurationException when it makes no sense
     */
    AccessControl access(boolean loopback) {
        String auth = settings.get(AUTH, TOKEN);
        if (auth.equals("none")) {
            check(loopback, AUTH + "=none lets everybody in: set camel.server.host=127.0.0.1, or use tokens.");
            return AccessControl.open();
        }
        Set<String> methods = Set.copyOf(settings.list(AUTH));
        methods = methods.isEmpty() ? Set.of(TOKEN) : methods;
        check(
                METHODS.containsAll(methods),
                AUTH + " is \"none\", or one or several of \"token\", \"signature\" and \"keystone\", not \"" + auth
                        + "\".");
        boolean tokens = methods.contains(TOKEN) || methods.contains(IDENTITY);
        return AccessControl.of(
                tokens
                        ? new Tokens(
                                new StaticTokens(methods.contains(TOKEN) ? tokens() : Map.of()),
                                methods.contains(IDENTITY) ? keystone() : null)
                        : null,
                methods.contains(SIGNATURE) ? new Signatures(keys(), clock) : null,
                new FailedAttempts(
                        clock,
                        settings.number(AUTH + ".failures-per-address", FailedAttempts.STANDARD_PER_ADDRESS, 0)));
    }

    private Map<String, Caller> tokens() {
        Map<String, Caller> callers = new HashMap<>();
        settings.group(TOKENS).forEach((name, fields) -> {
            String property = TOKENS + "." + name;
            Caller previous = callers.put(settings.require(property + ".token"), caller(name, fields, property));
            check(previous == null, property + ".token: another name has the same token.");
        });
        return callers;
    }

    private List<AccessKey> keys() {
        Set<String> ids = new HashSet<>();
        Map<String, Map<String, String>> groups = settings.group(KEYS);
        check(!groups.isEmpty(), AUTH + " names \"signature\", but there is no " + KEYS + ".<name>.access.");
        return groups.entrySet().stream()
                .map(group -> {
                    String property = KEYS + "." + group.getKey();
                    String id = settings.require(property + ".access");
                    check(
                            id.matches("[!-~&&[^,/=]]+"),
                            property + ".access: it may not contain ',', '/', '=' or spaces.");
                    check(ids.add(id), property + ".access: another name has the same access key.");
                    return new AccessKey(
                            id,
                            settings.require(property + ".secret"),
                            caller(group.getKey(), group.getValue(), property));
                })
                .toList();
    }

    private KeystoneTokens keystone() {
        return new KeystoneTokens(
                new KeystoneClient(keystoneUrl(), keystoneAccount()),
                roles("admin-roles", "admin,member"),
                roles("reader-roles", "reader"),
                clock);
    }

    private URI keystoneUrl() {
        String property = KEYSTONE + ".url";
        String url = settings.require(property).replaceAll("/+$", "");
        try {
            URI uri = new URI(url);
            if (Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // answered below, without what may be a password
        }
        throw new ConfigurationException(property
                + ": expected the address of an Identity API v3, such as https://identity.example.com:5000/v3.");
    }

    /** As whom tokens are validated, or null when nothing says so. */
    private KeystoneAccount keystoneAccount() {
        if (settings.get(KEYSTONE + ".user", null) == null) {
            return null;
        }
        return new KeystoneAccount(
                settings.get(KEYSTONE + ".user"),
                settings.get(KEYSTONE + ".domain", "Default"),
                settings.require(KEYSTONE + ".password"),
                settings.require(KEYSTONE + ".project"));
    }

    private Set<String> roles(String field, String otherwise) {
        return Set.copyOf(
                settings.withDefaults(Map.of(KEYSTONE + "." + field, otherwise)).list(KEYSTONE + "." + field));
    }

    private Caller caller(String name, Map<String, String> fields, String property) {
        return new Caller(name, Configured.projects(settings, property), role(fields, property));
    }

    private static Caller.Role role(Map<String, String> fields, String property) {
        String role = fields.getOrDefault("role", "admin");
        return Stream.of(Caller.Role.values())
                .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(role))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        property + ".role is \"admin\" or \"reader\", not \"" + role + "\"."));
    }
}
