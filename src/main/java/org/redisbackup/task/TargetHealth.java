package org.redisbackup.task;

import java.util.HashMap;
import java.util.Map;
import org.redisbackup.redis.Secret;
import org.redisbackup.redis.Target;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * How a server is at one moment.
 *
 * @param state whether it takes commands
 * @param info the fields that {@code INFO} gives, empty unless it runs and lets this user ask
 */
public record TargetHealth(State state, Map<String, String> info) {
    /** What can be said of a server. */
    public enum State {
        RUNNING,
        /** It is loading its data, or a script keeps it busy. */
        NOT_READY,
        /** Nothing that speaks its protocol answers. */
        UNREACHABLE,
        PASSWORD_MISSING,
        PASSWORD_WRONG
    }

    /**
     * Asks the server.
     *
     * @param timeoutMillis for the connection, and for each answer
     */
    static TargetHealth of(Target target, int timeoutMillis) {
        DefaultJedisClientConfig config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(timeoutMillis)
                .socketTimeoutMillis(timeoutMillis)
                .user(target.username())
                .password(Secret.reveal(target.password()))
                .clientName("redis-backup-import")
                .ssl(target.tls())
                .build();
        try (Jedis jedis = new Jedis(new HostAndPort(target.host(), target.port()), config)) {
            Map<String, String> info = fields(jedis.info());
            boolean loading = "1".equals(info.get("loading"));
            return new TargetHealth(loading ? State.NOT_READY : State.RUNNING, info);
        } catch (JedisDataException e) {
            return new TargetHealth(stateOf(e.getMessage()), Map.of());
        } catch (JedisException | IllegalArgumentException e) {
            return new TargetHealth(State.UNREACHABLE, Map.of());
        }
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

    private static Map<String, String> fields(String info) {
        Map<String, String> fields = new HashMap<>();
        info.lines()
                .map(line -> line.split(":", 2))
                .filter(field -> field.length == 2)
                .forEach(field -> fields.put(field[0], field[1].trim()));
        return fields;
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
