package org.redisbackup.redis;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.redisbackup.rdb.Dialect;
import org.redisbackup.rdb.ValueType;
import org.redisbackup.rdb.decode.TargetFeatures;

/**
 * What a server can take. All of it is asked by {@code INFO}, {@code CONFIG GET} and {@code MODULE LIST}; only the first
 * must be permitted. Which commands it knows follows from its version.
 *
 * @param dialect whose own value types it knows
 * @param version its version, as {@code INFO} gives it
 * @param number its version as a number: 602 for 6.2
 * @param maxRdbVersion highest RDB version of a payload that it accepts
 * @param databases number of databases, or {@value #UNKNOWN} when it does not tell
 * @param maxBulkBytes bytes of the longest word of a command; a longer one makes it close the connection
 * @param isClusterNode whether it takes only keys of its own hash slots
 * @param modules what it can read values of
 * @param memoryLimit its {@code maxmemory} and what happens there, for people; null when there is none
 */
record TargetCapabilities(
        Dialect dialect,
        String version,
        int number,
        int maxRdbVersion,
        int databases,
        long maxBulkBytes,
        boolean isClusterNode,
        Modules modules,
        String memoryLimit) {
    /** {@link #databases} of a server that does not tell. */
    static final int UNKNOWN = -1;

    /** The servers' own default of {@code proto-max-bulk-len}. */
    static final long DEFAULT_MAX_BULK_BYTES = 512L << 20;

    private static final Pattern MAJOR_MINOR = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");
    /** Older ones know no {@code RESTORE}, no {@code PEXPIREAT}, or are not around any more. */
    private static final int REDIS_2_8 = 208;
    /** {@code RESTORE} knows {@code REPLACE} from Redis 3.0 on, {@code ABSTTL}, {@code IDLETIME} and {@code FREQ} from 5.0. */
    private static final int REDIS_4 = 400;

    private static final int REDIS_5 = 500;
    /** Older ones exit when they are sent a value of a module that they lack, and {@code SET} no absolute expiry. */
    private static final int REDIS_6_2 = 602;

    /**
     * @param info the fields of {@code INFO}
     * @param config the fields of {@code CONFIG GET databases proto-max-bulk-len}; empty when it is not allowed
     * @throws IllegalArgumentException with a sentence about what is missing when it is no server that can be a target
     */
    static TargetCapabilities of(Map<String, String> info, Map<String, String> config, Modules modules) {
        String mode = info.getOrDefault("redis_mode", info.getOrDefault("server_mode", "standalone"));
        if (mode.equals("sentinel")) {
            throw new IllegalArgumentException(
                    "is a Sentinel, which holds no keys; name the primary that it watches, or use the mode sentinel");
        }
        boolean valkey = info.containsKey("valkey_version");
        String version = info.get(valkey ? "valkey_version" : "redis_version");
        if (version == null) {
            throw new IllegalArgumentException("does not tell its version; name a Redis or Valkey server");
        }
        int number = number(version);
        if (number < REDIS_2_8) {
            throw new IllegalArgumentException("is version " + version + "; name a server of version 2.8 or later");
        }
        return new TargetCapabilities(
                valkey ? Dialect.VALKEY : Dialect.REDIS,
                version,
                number,
                valkey ? valkeyRdbVersion(number) : redisRdbVersion(number),
                Integer.parseInt(config.getOrDefault("databases", String.valueOf(UNKNOWN))),
                Long.parseLong(config.getOrDefault("proto-max-bulk-len", String.valueOf(DEFAULT_MAX_BULK_BYTES))),
                mode.equals("cluster"),
                modules,
                memoryLimit(info));
    }

    private static String memoryLimit(Map<String, String> info) {
        String bytes = info.getOrDefault("maxmemory", "0");
        return bytes.equals("0")
                ? null
                : "its maxmemory is " + bytes + " bytes, its policy "
                        + info.getOrDefault("maxmemory_policy", "unknown");
    }

    /** @throws IllegalArgumentException when a server of that kind is reached in another mode */
    void checkBelongsTo(TargetMode mode) {
        if (isClusterNode && mode != TargetMode.CLUSTER) {
            throw new IllegalArgumentException("is a node of a cluster; import with the mode cluster");
        }
        if (!isClusterNode && mode == TargetMode.CLUSTER) {
            throw new IllegalArgumentException("is no node of a cluster; import with the mode standalone");
        }
    }

    /** Whether it loads its own data. */
    static boolean isLoading(Map<String, String> info) {
        return "1".equals(info.get("loading"));
    }

    /**
     * What keeps a server from taking keys for the time being.
     *
     * @param info the fields of {@code INFO}
     * @return the end of a sentence, or null when it is ready
     */
    static String whyNotReady(Map<String, String> info) {
        if (isLoading(info)) {
            return "is still loading its own data; try again when it is done";
        }
        if ("slave".equals(info.get("role")) && !"0".equals(info.get("slave_read_only"))) {
            return "is a read-only replica; name its primary instead, " + info.get("master_host") + ":"
                    + info.get("master_port");
        }
        return null;
    }

    /** 7.2.6 gives 702. */
    private static int number(String version) {
        Matcher parts = MAJOR_MINOR.matcher(version);
        return parts.lookingAt() ? Integer.parseInt(parts.group(1)) * 100 + Integer.parseInt(parts.group(2)) : 0;
    }

    private static int redisRdbVersion(int number) {
        if (number < 302) {
            return 6;
        } else if (number < 400) {
            return 7;
        } else if (number < 500) {
            return 8;
        } else if (number < 700) {
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

    /** Whether it knows {@code SET key value PXAT milliseconds}. */
    boolean setsWithExpiry() {
        return dialect == Dialect.VALKEY || number >= REDIS_6_2;
    }

    /** Whether it knows {@code UNLINK}. */
    boolean unlinks() {
        return dialect == Dialect.VALKEY || number >= REDIS_4;
    }

    /** What it understands of the commands that rebuild values. */
    TargetFeatures features() {
        return TargetFeatures.of(dialect, number);
    }

    /** Whether it takes values of this type by {@code RESTORE}; of a module's, {@link #moduleRefusal} tells more. */
    boolean restores(ValueType type) {
        return number >= REDIS_5 && type.isRestorable() && knows(type);
    }

    /** Whether files with values of this type can be loaded. */
    boolean knows(ValueType type) {
        return type.stampVersion() <= maxRdbVersion && (type.onlyIn() == null || type.onlyIn() == dialect);
    }

    /** Why values of a type that it does not {@link #knows know} can't be sent. */
    String refusal(ValueType type) {
        return product() + " does not know the encoding " + type + "; " + firstServer(type) + " or later does";
    }

    /**
     * Why a module's values are not sent, or null when they are: servers from Redis 6.2 on answer with an error when they
     * can't read one, older ones exit.
     *
     * @param type the module's name for the type
     */
    String moduleRefusal(String type) {
        boolean exits = dialect == Dialect.REDIS && number < REDIS_6_2;
        if (modules.lack(type)) {
            return "the target lacks the module " + type;
        }
        return exits && !modules.prove(type)
                ? product() + " exits when it gets a value of a module that it lacks, and does not prove that it has "
                        + type + "; Redis 6.2 or later would answer with an error"
                : null;
    }

    /** Name and version, such as {@code Valkey 9.1.2}. */
    String product() {
        return (dialect == Dialect.VALKEY ? "Valkey " : "Redis ") + version;
    }

    private static String firstServer(ValueType type) {
        return switch (type.stampVersion()) {
            case 9 -> "Redis 5.0";
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
