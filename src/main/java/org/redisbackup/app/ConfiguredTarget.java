package org.redisbackup.app;

import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.redisbackup.redis.Encryption;
import org.redisbackup.redis.Target;
import org.redisbackup.redis.TargetMode;

/** The target that the properties of one instance describe. */
final class ConfiguredTarget {
    /** Ends the name of the group of properties that say how its connections are encrypted. */
    static final String TLS = ".tls";

    private final Settings settings;
    private final String instance;

    /** @param instance what the names of its properties begin with */
    ConfiguredTarget(Settings settings, String instance) {
        this.settings = settings;
        this.instance = instance;
    }

    /** @throws ConfigurationException when there is no URL, or something is wrong with the properties */
    Target target() {
        String url = settings.require(instance + ".url");
        String mode = settings.get(instance + ".mode", null);
        Target target;
        try {
            target = Target.parse(url, mode == null ? null : mode(mode), settings.get(instance + ".primary", null));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(instance + ".url: " + e.getMessage() + ".");
        }
        return target.withEncryption(encryption(target));
    }

    private TargetMode mode(String name) {
        return Stream.of(TargetMode.values())
                .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        instance + ".mode is \"standalone\", \"cluster\" or \"sentinel\", not \"" + name + "\"."));
    }

    /** As the URL says, with the files that the properties name. */
    private Encryption encryption(Target target) {
        if (!settings.hasAny(instance + TLS + ".")) {
            return target.encryption();
        }
        if (!target.tls()) {
            throw new ConfigurationException(
                    instance + TLS + ": the URL says that nothing is encrypted; let it begin with rediss.");
        }
        try {
            Encryption encryption = new Encryption(
                    file("ca-certificate"), file("client-certificate"), file("client-key"), verifiesHostname());
            encryption.check();
            return encryption;
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(instance + TLS + ": " + e.getMessage() + ".");
        }
    }

    private Path file(String field) {
        String name = settings.get(instance + TLS + "." + field, null);
        return name == null ? null : Path.of(name);
    }

    private boolean verifiesHostname() {
        String property = instance + TLS + ".verify-hostname";
        String value = settings.get(property, "true");
        if (!value.equals("true") && !value.equals("false")) {
            throw new ConfigurationException(property + " is \"true\" or \"false\", not \"" + value + "\".");
        }
        return value.equals("true");
    }
}
