package org.redisbackup.redis;

import java.util.List;
import java.util.function.Predicate;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ClientKillParams;

/**
 * Ends the connections that others have to a target under the names of their {@link Sender}s. What such a connection sent
 * and the target has not executed by then, it never executes: so a service that was only paused can't write any more.
 */
public final class Predecessors {
    private static final String ID = "id=";
    private static final String NAME = "name=";

    private Predecessors() {}

    /**
     * @param sessions of those whose connections are ended
     * @param timeoutMillis for connecting to a server of the target, and for each of its answers
     * @throws DeliveryException when the target can't be asked, or does not permit it
     */
    public static void expel(Target target, Predicate<String> sessions, int timeoutMillis) throws DeliveryException {
        for (Address server : servers(target, timeoutMillis)) {
            try (Jedis jedis = TargetClient.connect(target, server, timeoutMillis, true)) {
                jedis.clientList()
                        .lines()
                        .filter(client -> sessions.test(session(client)))
                        .map(client -> field(client, ID))
                        .forEach(id -> jedis.clientKill(new ClientKillParams().id(id)));
            } catch (JedisException | IllegalArgumentException e) {
                throw Handshake.failure(target.at(server), timeoutMillis, e);
            }
        }
    }

    private static List<Address> servers(Target target, int timeoutMillis) throws DeliveryException {
        return switch (target.mode()) {
            case STANDALONE -> target.addresses();
            case CLUSTER -> new ClusterTopology(target, timeoutMillis).look().primaries();
            case SENTINEL -> new SentinelTopology(target, timeoutMillis).look().primaries();
        };
    }

    /** The session in the name of a connection, or nothing that is one. */
    private static String session(String client) {
        String name = field(client, NAME);
        String prefix = Sender.nameOf("");
        return name.startsWith(prefix) ? name.substring(prefix.length()) : "";
    }

    /** Of a line of {@code CLIENT LIST}: fields with a blank between. */
    private static String field(String client, String field) {
        for (String each : client.split(" ")) {
            if (each.startsWith(field)) {
                return each.substring(field.length());
            }
        }
        return "";
    }
}
