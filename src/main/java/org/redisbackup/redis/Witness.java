package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.Printable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * What a target acknowledged last. A server that restarts, or a replica that takes its place, comes back as it was some
 * time before: if it lost anything, it lost this.
 */
final class Witness {
    /** A key that ends sooner may have ended. */
    private static final long STAYS_MILLIS = 60_000;

    /** Not worth a copy of megabytes. */
    private static final int LONGEST_KEY = 1024;

    private static final long ANY = -1;

    private final int db;
    private final byte[] key;
    private final long expireAt;
    private final long atLeast;

    private Witness(int db, byte[] key, long expireAt, long atLeast) {
        this.db = db;
        this.key = key;
        this.expireAt = expireAt;
        this.atLeast = atLeast;
    }

    /**
     * @param record that was delivered, or -1
     * @return null where nothing fits
     */
    static Witness of(KeyBatch batch, int record) {
        return record < 0 || batch.keyLength(record) > LONGEST_KEY
                ? null
                : new Witness(batch.db(record), batch.key(record), batch.expireAt(record), ANY);
    }

    /** The mark of commands that were executed. */
    static Witness of(ReplayMark mark) {
        return new Witness(0, mark.keyBytes(), KeyBatch.NO_EXPIRY, mark.after());
    }

    /**
     * Asks the target for it, on a connection of its own.
     *
     * @return whether it is not there any more; where the user may not ask, it passes for there
     * @throws NotReadyException when the target does not answer
     */
    boolean isLost(Target target, int timeoutMillis) throws DeliveryException {
        if (expireAt != KeyBatch.NO_EXPIRY && expireAt < System.currentTimeMillis() + STAYS_MILLIS) {
            return false;
        }
        try (Jedis jedis = TargetClient.connect(target, target.addresses().get(0), timeoutMillis, true)) {
            if (db != 0) {
                jedis.select(db);
            }
            return atLeast == ANY ? !jedis.exists(key) : !isMarked(jedis.get(key));
        } catch (JedisDataException e) {
            if (ReplyKind.passes(e)) {
                throw Handshake.failure(target, timeoutMillis, e);
            }
            return false;
        } catch (JedisException | IllegalArgumentException e) {
            throw Handshake.failure(target, timeoutMillis, e);
        }
    }

    private boolean isMarked(byte[] value) {
        try {
            return value != null && Long.parseLong(new String(value, US_ASCII)) >= atLeast;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** For people. */
    @Override
    public String toString() {
        return atLeast == ANY
                ? "the key \"" + Printable.of(key, 0, key.length) + "\" of database " + db
                : "the last commands that it had executed";
    }
}
