package org.redisbackup.redis;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Module;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The modules that a server has loaded. A value names its type, not its module, so a module can only be missed for sure
 * when there is none, or when it is a known type.
 *
 * @param names in lower case, or null when the server does not tell
 */
record Modules(Set<String> names) {
    /** Of a server that does not tell. */
    static final Modules UNKNOWN = new Modules(null);

    /** By type name: the names, in lower case, of the modules that have it. */
    private static final Map<String, List<String>> OF_TYPE = Map.of(
            "vectorset", List.of("vectorset"),
            "ReJSON-RL", List.of("rejson", "json"),
            "MBbloom--", List.of("bf"),
            "MBbloomCF", List.of("bf"),
            "CMSk-TYPE", List.of("bf"),
            "TopK-TYPE", List.of("bf"),
            "TDIS-TYPE", List.of("bf"),
            "bloomfltr", List.of("bf"),
            "TSDB-TYPE", List.of("timeseries"),
            "graphdata", List.of("graph"));

    static Modules of(String... names) {
        return new Modules(
                Arrays.stream(names).map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet()));
    }

    /** Asks the server; managed services often forbid it. */
    static Modules of(Jedis jedis) {
        try {
            return of(jedis.moduleList().stream().map(Module::getName).toArray(String[]::new));
        } catch (JedisDataException e) {
            return UNKNOWN;
        }
    }

    /** Whether values of the type can be read for sure. */
    boolean prove(String type) {
        return names != null && OF_TYPE.getOrDefault(type, List.of()).stream().anyMatch(names::contains);
    }

    /** Whether values of the type can't be read for sure. */
    boolean lack(String type) {
        return names != null && (names.isEmpty() || (OF_TYPE.containsKey(type) && !prove(type)));
    }
}
