package org.redisbackup.redis;

import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;

/** How Jedis reaches a server of a target: for everything but the delivery of keys. */
public final class TargetClient {
    static final String NAME = "redis-backup-import";

    private TargetClient() {}

    /**
     * @param timeoutMillis for the connection, and for each answer
     * @throws IllegalArgumentException when a file of its encryption can't be used
     */
    public static JedisClientConfig config(Target target, int timeoutMillis) {
        return config(target, timeoutMillis, true, NAME);
    }

    /** @param name of the connection, as the server lists it */
    static JedisClientConfig config(Target target, int timeoutMillis, String name) {
        return config(target, timeoutMillis, true, name);
    }

    private static JedisClientConfig config(Target target, int timeoutMillis, boolean authenticates, String name) {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(timeoutMillis)
                .socketTimeoutMillis(timeoutMillis)
                .clientName(name);
        if (authenticates) {
            config.user(target.username()).password(Secret.reveal(target.password()));
        }
        if (target.encryption() != null) {
            config.ssl(true)
                    .sslSocketFactory(socketFactory(target.encryption()))
                    .sslParameters(target.encryption().parameters());
        }
        return config.build();
    }

    private static SSLSocketFactory socketFactory(Encryption encryption) {
        try {
            return encryption.socketFactory();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("can't be reached by TLS: " + e.getMessage(), e);
        }
    }

    /** The fields of an answer to {@code INFO}. */
    public static Map<String, String> fields(String info) {
        Map<String, String> fields = new HashMap<>();
        info.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon >= 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).trim());
            }
        });
        return fields;
    }

    /**
     * Connects to one server.
     *
     * @param authenticates whether it is given the target's user and password
     */
    static Jedis connect(Target target, Address server, int timeoutMillis, boolean authenticates) {
        return connect(server, config(target, timeoutMillis, authenticates, NAME));
    }

    /** Connects to one server by a connection that it lists under this name. */
    static Jedis connect(Target target, Address server, int timeoutMillis, String name) {
        return connect(server, config(target, timeoutMillis, name));
    }

    private static Jedis connect(Address server, JedisClientConfig config) {
        return new Jedis(new HostAndPort(server.host(), server.port()), config);
    }
}
