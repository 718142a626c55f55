package org.redisbackup.redis;

import java.util.List;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The primary that Sentinels watch: the first Sentinel that answers is believed, the next time another one is asked
 * first. Whether the server it names takes writes already shows when it is connected to.
 *
 * <p>Sentinels are asked without a password, and with that of the target when they want one.
 */
final class SentinelTopology implements Topology {
    private final Target target;
    private final int timeoutMillis;
    private int turn;

    SentinelTopology(Target target, int timeoutMillis) {
        this.target = target;
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    public SlotMap look() throws DeliveryException {
        List<Address> sentinels = target.addresses();
        DeliveryException failure = null;
        for (int i = 0; i < sentinels.size(); i++) {
            Address sentinel = sentinels.get((turn + i) % sentinels.size());
            try {
                SlotMap map = SlotMap.of(primary(sentinel));
                turn = turn + i + 1;
                return map;
            } catch (DeliveryException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private Address primary(Address sentinel) throws DeliveryException {
        try {
            return ask(sentinel, false);
        } catch (JedisException | IllegalArgumentException e) {
            if (target.password() == null || !isAboutPassword(e)) {
                throw Handshake.failure(target.at(sentinel), timeoutMillis, e);
            }
        }
        try {
            return ask(sentinel, true);
        } catch (JedisException | IllegalArgumentException e) {
            throw Handshake.failure(target.at(sentinel), timeoutMillis, e);
        }
    }

    private static boolean isAboutPassword(RuntimeException e) {
        return e instanceof JedisDataException && e.getMessage().startsWith("NOAUTH");
    }

    private Address ask(Address sentinel, boolean authenticates) {
        try (Jedis jedis = TargetClient.connect(target, sentinel, timeoutMillis, authenticates)) {
            List<String> found = jedis.sentinelGetMasterAddrByName(target.primaryName());
            if (found == null) {
                throw new IllegalArgumentException("watches no primary of the name " + target.primaryName()
                        + "; check the name, and that it is a Sentinel");
            }
            return new Address(found.get(0), Integer.parseInt(found.get(1)));
        } catch (JedisDataException e) {
            if (e.getMessage().startsWith("ERR unknown command")) {
                throw new IllegalArgumentException(
                        "is no Sentinel; name Sentinels, or import with the mode standalone", e);
            }
            throw e;
        }
    }
}
