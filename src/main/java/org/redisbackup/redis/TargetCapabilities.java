package org.redisbackup.redis;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.redisbackup.rdb.Dialect;
import org.redisbackup.rdb.ValueType;

/**
 * What a server can take.
 *
 * @param dialect whose own value types it knows
 * @param version its version, as {@code INFO} gives it
 * @param maxRdbVersion highest RDB version of a payload that it accepts
 * @param databases number of databases, or {@value #UNKNOWN} when it does not tell
 * @param maxBulkBytes bytes of the longest word of a command; a longer one makes it close the connection
 */
record TargetCapabilities(Dialect dialect, String version, int maxRdbVersion, int databases, long maxBulkBytes) {
    /** {@link #databases} of a server that does not tell. */
    static final int UNKNOWN = -1;

    /** The servers' own default of {@code proto-max-bulk-len}. */
    static final long DEFAULT_MAX_BULK_BYTES = 512L << 20;

    private static final Pattern MAJOR_MINOR = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");
    private static final int REDIS_5 = 500;
    /** Older ones exit when they are sent a value of a module that they lack. */
    private static final int REDIS_6_2 = 602;

    /**
     * @param info the fields of {@code INFO server}
     * @param config the fields of {@code CONFIG GET databases proto-max-bulk-len}; empty when it is not allowed
     * @throws IllegalArgumentException with a sentence about what is missing when it is no server that can be a target
     */
    static TargetCapabilities of(Map<String, String> info, Map<String, String> config) {
        String mode = info.getOrDefault("redis_mode", info.getOrDefault("server_mode", "standalone"));
        if (mode.equals("cluster")) {
            throw new IllegalArgumentException(
                    "is a node of a cluster, and clusters are not supported yet; name a standalone server");
        }
        if (mode.equals("sentinel")) {
            throw new IllegalArgumentException("is a Sentinel, which holds no keys; name the primary that it watches");
        }
        boolean valkey = info.containsKey("valkey_version");
        String version = info.get(valkey ? "valkey_version" : "redis_version");
        if (version == null) {
            throw new IllegalArgumentException("does not tell its version; name a Redis or Valkey server");
        }
        int number = number(version);
        if (number < REDIS_5) {
            throw new IllegalArgumentException("is version " + version + "; name a server of version 5.0 or later");
        }
        return new TargetCapabilities(
                valkey ? Dialect.VALKEY : Dialect.REDIS,
                version,
                valkey ? valkeyRdbVersion(number) : redisRdbVersion(number),
                Integer.parseInt(config.getOrDefault("databases", String.valueOf(UNKNOWN))),
                Long.parseLong(config.getOrDefault("proto-max-bulk-len", String.valueOf(DEFAULT_MAX_BULK_BYTES))));
    }

    /** 7.2.6 gives 702. */
    private static int number(String version) {
        Matcher parts = MAJOR_MINOR.matcher(version);
        return parts.lookingAt() ? Integer.parseInt(parts.group(1)) * 100 + Integer.parseInt(parts.group(2)) : 0;
    }

    private static int redisRdbVersion(int number) {
        if (number < 700) {
            return 9;
        } else if (number < 702) {
            return 10;
        } else if (number < 704) {
            return 11;
        } else if (number < 806) {
            return 12;
        } else if (number < 808) {
            return 13;
        } else if (number < 810) {
            return 14;
        }
        return 15;
    }

    /** Valkey refuses 12 to 79, which are Redis' own; the types that came with them are told apart by their dialect. */
    private static int valkeyRdbVersion(int number) {
        return number < 900 ? 11 : 80;
    }

    /** Whether values of this type can be sent. */
    boolean knows(ValueType type) {
        return type.stampVersion() <= maxRdbVersion
                && (type.onlyIn() == null || type.onlyIn() == dialect)
                && (type != ValueType.MODULE_2 || dialect == Dialect.VALKEY || number(version) >= REDIS_6_2);
    }

    /** Why values of a type that it does not {@link #knows know} can't be sent. */
    String refusal(ValueType type) {
        if (type == ValueType.MODULE_2) {
            return product() + " exits when it gets a module value that it does not know; Redis 6.2 or later would not";
        }
        return product() + " does not know the encoding " + type + "; " + firstServer(type) + " or later does";
    }

    /** Name and version, such as {@code Valkey 9.1.2}. */
    String product() {
        return (dialect == Dialect.VALKEY ? "Valkey " : "Redis ") + version;
    }

    private static String firstServer(ValueType type) {
        return switch (type.stampVersion()) {
            case 10 -> "Redis 7.0";
            case 11 -> "Redis 7.2";
            case 12 -> "Redis 7.4";
            case 13 -> "Redis 8.6";
            case 14 -> "Redis 8.8";
            case 15 -> "Redis 8.10";
            case 80 -> "Valkey 9.0";
            default -> "Redis 5.0";
        };
    }
}
