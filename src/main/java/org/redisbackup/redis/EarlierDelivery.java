package org.redisbackup.redis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RestorePayload;
import org.redisbackup.rdb.ValueType;
import org.redisbackup.rdb.decode.ValueDigest;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.RestoreParams;

/**
 * Finds the keys of a part that the target holds just as the backup has them. When the part may have been sent before,
 * without an answer, these are taken for delivered: they are not in conflict with themselves.
 *
 * <p>Values are compared as {@code DUMP} gives them. The same value may look different on another version; so where it
 * does, the {@link ValueDigest digests} of both are compared. Where these leave something out, the backup's value is
 * restored under a name of its own, for a moment, and dumped as well: that is written to the target and its replicas.
 */
final class EarlierDelivery {
    private static final int MOMENT_MILLIS = 10_000;
    private static final Set<String> WHOLE_IN_DIGESTS = Set.of("string", "list", "set", "zset", "hash");
    private static final int CLOCKS_APART_MILLIS = 5_000;

    /** What the target has under a key. */
    private record Held(Response<byte[]> dump, Response<Long> millisLeft) {}

    private final Jedis jedis;
    private final BatchPart part;
    private final KeyBatch batch;
    private final ValueDigests digests;

    private EarlierDelivery(Jedis jedis, TargetCapabilities capabilities, BatchPart part) {
        this.jedis = jedis;
        digests = new ValueDigests(capabilities, System.currentTimeMillis());
        this.part = part;
        batch = part.batch();
    }

    /**
     * Settles the keys of the part that the target holds already. What can't be told stays as it is: a user may not be
     * allowed to {@code DUMP}, and streamed values are in nobody's memory.
     *
     * @throws NotReadyException when the target does not answer
     */
    static void settle(Target target, TargetCapabilities capabilities, int timeoutMillis, BatchPart part, Tally tally)
            throws DeliveryException {
        try (Jedis jedis = TargetClient.connect(target, target.addresses().get(0), timeoutMillis, true)) {
            new EarlierDelivery(jedis, capabilities, part).settle(tally);
        } catch (JedisException | IllegalArgumentException e) {
            throw Handshake.failure(target, timeoutMillis, e);
        }
    }

    private void settle(Tally tally) {
        byDatabase(tally).forEach((db, records) -> {
            jedis.select(db);
            Map<Integer, Held> answers = new LinkedHashMap<>();
            try (Pipeline pipeline = jedis.pipelined()) {
                for (int i : records) {
                    byte[] key = batch.key(i);
                    answers.put(i, new Held(pipeline.dump(key), pipeline.pttl(key)));
                }
            }
            long now = System.currentTimeMillis();
            answers.forEach((i, held) -> {
                if (isOurs(i, held, now)) {
                    tally.delivered(i, KeyOutcome.IMPORTED);
                }
            });
        });
    }

    private Map<Integer, List<Integer>> byDatabase(Tally tally) {
        Map<Integer, List<Integer>> records = new LinkedHashMap<>();
        for (int position = 0; position < part.size(); position++) {
            int i = part.record(position);
            if (part.isDoubtful(i) && !tally.isSettled(i) && isComparable(i)) {
                records.computeIfAbsent(batch.db(i), db -> new ArrayList<>()).add(i);
            }
        }
        return records;
    }

    private boolean isComparable(int i) {
        long expireAt = batch.expireAt(i);
        return !batch.isStreamed(i)
                && !batch.isOversized(i)
                && !batch.isLeftOut(i)
                && batch.invalidity(i) == null
                && (expireAt == KeyBatch.NO_EXPIRY || expireAt > System.currentTimeMillis());
    }

    private boolean isOurs(int i, Held held, long now) {
        try {
            byte[] dump = held.dump().get();
            return dump != null
                    && isExpiryOf(i, held.millisLeft().get(), now)
                    && (isValueOf(i, dump) || holdsTheSame(i, dump));
        } catch (JedisDataException e) {
            return false; // it may not be dumped, or the backup's value not be restored
        }
    }

    /** One that was moved to another time depends on when that was done, so all that counts is that there is one. */
    private boolean isExpiryOf(int i, long millisLeft, long now) {
        long expireAt = batch.expireAt(i);
        if (expireAt == KeyBatch.NO_EXPIRY || millisLeft < 0) {
            return expireAt == KeyBatch.NO_EXPIRY && millisLeft < 0;
        }
        return batch.isExpiryChanged() || Math.abs(now + millisLeft - expireAt) < CLOCKS_APART_MILLIS;
    }

    private boolean isValueOf(int i, byte[] payload) {
        int from = batch.valueOffset(i);
        return payload[0] == (byte) batch.type(i).id()
                && Arrays.equals(
                        payload,
                        1,
                        payload.length - RestorePayload.FOOTER,
                        batch.arena(),
                        from,
                        from + (int) batch.valueLength(i));
    }

    private boolean holdsTheSame(int i, byte[] dump) {
        String type = batch.type(i).logicalName();
        ValueType held = digests.typeOf(dump);
        if (held == null || !held.logicalName().equals(type)) {
            return false;
        }
        ValueDigest expected = WHOLE_IN_DIGESTS.contains(type) ? digest(i) : null;
        ValueDigest found = expected == null ? null : digests.ofDump(dump, batch);
        return found == null ? Arrays.equals(value(dump), value(restored(i))) : found.holdsTheSameAs(expected);
    }

    private ValueDigest digest(int i) {
        try {
            return digests.ofRecord(batch, i);
        } catch (IOException e) {
            throw new IllegalStateException("no streamed value is compared", e);
        }
    }

    /** Type and value, without the version of the server. */
    private static byte[] value(byte[] payload) {
        return Arrays.copyOf(payload, payload.length - RestorePayload.FOOTER);
    }

    /** How this server dumps the backup's value. */
    private byte[] restored(int i) {
        byte[] name = TemporaryKey.of(batch, i, true);
        jedis.restore(
                name, MOMENT_MILLIS, payload(i), RestoreParams.restoreParams().replace());
        try {
            return jedis.dump(name);
        } finally {
            jedis.del(name);
        }
    }

    private byte[] payload(int i) {
        int length = (int) batch.valueLength(i);
        byte[] payload = new byte[length + RestorePayload.OVERHEAD];
        payload[0] = (byte) batch.type(i).id();
        System.arraycopy(batch.arena(), batch.valueOffset(i), payload, 1, length);
        RestorePayload.writeFooter(payload, length + 1, batch.type(i).stampVersion(), batch.payloadCrc(i));
        return payload;
    }
}
