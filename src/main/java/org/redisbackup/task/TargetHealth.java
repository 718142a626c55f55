package org.redisbackup.task;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.redisbackup.redis.DeliveryException;
import org.redisbackup.redis.Target;
import org.redisbackup.redis.TargetClient;
import org.redisbackup.redis.TargetServers;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * How a target is at one moment.
 *
 * @param state whether it takes commands; of several servers, the worst
 * @param info the fields that {@code INFO} of its first primary gives, empty unless it runs and lets this user ask;
 *     memory and replicas are those of all primaries together
 * @param primaries servers that share its keys
 */
public record TargetHealth(State state, Map<String, String> info, int primaries) {
    private static final Set<String> SUMS = Set.of("used_memory", "maxmemory", "connected_slaves");

    /** What can be said of a server, the worst last. */
    public enum State {
        RUNNING,
        /** It is loading its data, or a script keeps it busy. */
        NOT_READY,
        PASSWORD_MISSING,
        PASSWORD_WRONG,
        /** Nothing that speaks its protocol answers. */
        UNREACHABLE
    }

    /** Of which nothing is heard. */
    static final TargetHealth UNREACHABLE = new TargetHealth(State.UNREACHABLE, Map.of(), 1);

    /**
     * Asks its servers, one after the other.
     *
     * @param timeoutMillis for each connection, and for each answer
     */
    static TargetHealth of(Target target, int timeoutMillis) {
        try {
            return TargetServers.primaries(target, timeoutMillis).stream()
                    .map(server -> ofServer(server, timeoutMillis))
                    .reduce(TargetHealth::with)
                    .orElse(UNREACHABLE);
        } catch (DeliveryException e) {
            boolean answered = e.getCause() instanceof JedisDataException;
            return answered ? new TargetHealth(stateOf(e.getCause().getMessage()), Map.of(), 1) : UNREACHABLE;
        }
    }

    private static TargetHealth ofServer(Target server, int timeoutMillis) {
        HostAndPort address = new HostAndPort(server.host(), server.port());
        try (Jedis jedis = new Jedis(address, TargetClient.config(server, timeoutMillis))) {
            Map<String, String> info = TargetClient.fields(jedis.info());
            boolean loading = "1".equals(info.get("loading"));
            return new TargetHealth(loading ? State.NOT_READY : State.RUNNING, info, 1);
        } catch (JedisDataException e) {
            return new TargetHealth(stateOf(e.getMessage()), Map.of(), 1);
        } catch (JedisException | IllegalArgumentException e) {
            return UNREACHABLE;
        }
    }

    private TargetHealth with(TargetHealth other) {
        Map<String, String> both = new HashMap<>(info);
        SUMS.forEach(field ->
                both.computeIfPresent(field, (name, value) -> Long.toString(number(name) + other.number(name))));
        State worst = state.compareTo(other.state) < 0 ? other.state : state;
        return new TargetHealth(worst, both, primaries + other.primaries);
    }

    /** @param error what it answered; an answer about something else shows that it runs */
    private static State stateOf(String error) {
        if (error.startsWith("NOAUTH")) {
            return State.PASSWORD_MISSING;
        } else if (error.startsWith("WRONGPASS")
                || error.startsWith("ERR invalid password")
                || error.contains("without any password configured")) {
            return State.PASSWORD_WRONG;
        } else if (error.startsWith("LOADING") || error.startsWith("BUSY")) {
            return State.NOT_READY;
        }
        return State.RUNNING;
    }

    /** Version of the engine, or null when it is not known. */
    public String version() {
        return info.getOrDefault("valkey_version", info.get("redis_version"));
    }

    /** {@code Valkey} or {@code Redis}. */
    public String engine() {
        return info.containsKey("valkey_version") ? "Valkey" : "Redis";
    }

    /** A field that is a number, or 0 when it is not known. */
    public long number(String field) {
        String value = info.getOrDefault(field, "");
        return value.matches("\\d{1,18}") ? Long.parseLong(value) : 0;
    }
}
