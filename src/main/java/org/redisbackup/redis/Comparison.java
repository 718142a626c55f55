package org.redisbackup.redis;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.ValueType;
import org.redisbackup.rdb.decode.ValueDigest;
import org.redisbackup.redis.TargetLookup.Answer;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Compares keys of a backup with what the target holds: first whether they are there, of what type, how long and when
 * they expire; then, of those that pass, what {@code DUMP} gives. Values are encoded otherwise by each version, so they
 * are compared by {@link ValueDigest digests} of their elements. Memory is bounded by batches, and by {@value
 * #MAX_DUMPED} bytes of values in answers of the target: larger ones, and those of modules, are compared by type and
 * length only. Used by one thread.
 */
public final class Comparison implements Closeable {
    /** What is compared of a key. */
    public enum Depth {
        /** That the target has it. */
        EXISTENCE,
        /** Its type, its value, and when it expires. */
        VALUE
    }

    /** Bytes of the elements of values that are asked for at once, of one value at most. */
    static final long MAX_DUMPED = 4 << 20;

    /** Milliseconds that expiries may lie apart. */
    private static final long TOLERANCE = 1000;

    /** Fields that end soon are not compared: between two questions they may. */
    private static final long SOON = 60_000;

    private final TargetLookup lookup;
    private final Depth depth;
    private final long began;
    private final boolean expiryFollowsImport;
    private final List<KeyDifference> differences = new ArrayList<>();
    private long keys;
    private long byLength;
    private long different;

    /**
     * @param timeoutMillis for each connection, and for each pipeline of answers
     * @param began Unix milliseconds; the keys were written after that
     * @param expiryFollowsImport whether the expiries of the records are those of keys written at {@code began}, and later
     *     by as much as a key was written later
     */
    public Comparison(Target target, int timeoutMillis, Depth depth, long began, boolean expiryFollowsImport) {
        lookup = new TargetLookup(target, timeoutMillis);
        this.depth = depth;
        this.began = began;
        this.expiryFollowsImport = expiryFollowsImport;
    }

    /** Of all keys so far. */
    public ComparisonResult result() {
        return new ComparisonResult(keys, byLength, different, differences);
    }

    /**
     * Compares the records of a batch, but for those that are excluded, could not be imported as they are no sound values,
     * or have expired.
     *
     * @throws DeliveryException when the target does not answer
     * @throws IOException when a value can't be read from the backup
     */
    public void add(KeyBatch batch) throws IOException {
        List<Integer> due = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (!batch.isExcluded(i) && batch.invalidity(i) == null && !batch.isOversized(i)) {
                due.add(i);
            }
        }
        if (due.isEmpty()) {
            return;
        }
        switch (depth) {
            case EXISTENCE -> compareExistence(batch, due);
            case VALUE -> compareValues(batch, due);
        }
    }

    private void compareExistence(KeyBatch batch, List<Integer> due) throws DeliveryException {
        List<Answer<Boolean>> answers = lookup.ask(batch, due, (pipeline, i) -> pipeline.exists(batch.key(i)));
        for (int n = 0; n < due.size(); n++) {
            int i = due.get(n);
            if (!hasExpired(batch, i, answers.get(n))) {
                keys++;
                if (!answers.get(n).said()) {
                    differs(batch, i, "is not on the target");
                }
            }
        }
    }

    private void compareValues(KeyBatch batch, List<Integer> due) throws IOException {
        boolean hasFieldTimes = lookup.capabilities().features().fieldExpiry();
        // where fields have no times, those that had ended were not written, and the others stay
        long fieldsEndBy = hasFieldTimes ? System.currentTimeMillis() + SOON : began;
        ValueDigests values = new ValueDigests(lookup.capabilities(), fieldsEndBy);
        ValueDigest[] digests = new ValueDigest[batch.size()];
        for (int i : due) {
            digests[i] = values.ofRecord(batch, i);
        }
        List<Answer<Head>> heads = lookup.ask(batch, due, (pipeline, i) -> Head.ask(pipeline, batch, i));
        List<Integer> toDump = new ArrayList<>();
        long dumped = 0;
        for (int n = 0; n < due.size(); n++) {
            int i = due.get(n);
            Answer<Head> head = heads.get(n);
            if (hasExpired(batch, i, head)
                    || (hasEnded(digests[i]) && head.said().isMissing())) {
                continue;
            }
            keys++;
            String difference = difference(batch, i, digests[i], head);
            if (difference != null) {
                differs(batch, i, difference);
            } else if (digests[i] == null || digests[i].bytes() > MAX_DUMPED) {
                byLength++;
            } else {
                toDump.add(i);
                dumped += digests[i].bytes();
            }
            if (dumped > MAX_DUMPED) {
                compareDumps(batch, toDump, values, digests);
                toDump.clear();
                dumped = 0;
            }
        }
        if (!toDump.isEmpty()) {
            compareDumps(batch, toDump, values, digests);
        }
    }

    /** Whether every field of a hash has ended, so that it may be gone. */
    private static boolean hasEnded(ValueDigest digest) {
        return digest != null && digest.endedFields() > 0 && digest.count() == 0;
    }

    private static boolean hasExpired(KeyBatch batch, int i, Answer<?> answer) {
        long expireAt = batch.expireAt(i);
        return expireAt != KeyBatch.NO_EXPIRY && expireAt <= answer.to() + TOLERANCE;
    }

    private String difference(KeyBatch batch, int i, ValueDigest digest, Answer<Head> answer) {
        Head head = answer.said();
        String type = typeOnTarget(batch, i);
        if (head.isMissing()) {
            return "is not on the target";
        } else if (!head.type.equals(type)) {
            return "is of the type " + head.type + " on the target";
        } else if (digest != null && head.length != null && !digest.mayHaveLength(head.length)) {
            return "has the length " + head.length + " on the target, but " + digest.count() + " as it was imported";
        }
        return expiryDifference(batch.expireAt(i), head.pttl, answer);
    }

    private static String typeOnTarget(KeyBatch batch, int i) {
        return batch.type(i) == ValueType.MODULE_2
                ? ModuleName.of(batch, i)
                : batch.type(i).logicalName();
    }

    private String expiryDifference(long expected, long pttl, Answer<?> answer) {
        boolean expires = pttl >= 0;
        if (expected == KeyBatch.NO_EXPIRY) {
            return expires
                    ? "expires at " + Instant.ofEpochMilli(sum(answer.to(), pttl))
                            + " on the target, but never as it was imported"
                    : null;
        } else if (!expires) {
            return "never expires on the target, but at " + Instant.ofEpochMilli(expected) + " as it was imported";
        }
        long later = expiryFollowsImport ? answer.to() - began : 0;
        boolean sooner = sum(answer.to(), pttl) < expected - TOLERANCE;
        return sooner || sum(answer.from(), pttl) - TOLERANCE - later > expected
                ? "expires at " + Instant.ofEpochMilli(sum(answer.to(), pttl)) + " on the target, but at "
                        + Instant.ofEpochMilli(expected) + " as it was imported"
                : null;
    }

    private static long sum(long time, long millis) {
        return millis > Long.MAX_VALUE - time ? Long.MAX_VALUE : time + millis;
    }

    private void compareDumps(KeyBatch batch, List<Integer> records, ValueDigests values, ValueDigest[] digests)
            throws DeliveryException {
        List<Answer<byte[]>> dumps = lookup.ask(batch, records, (pipeline, i) -> pipeline.dump(batch.key(i)));
        for (int n = 0; n < records.size(); n++) {
            int i = records.get(n);
            byte[] dump = dumps.get(n).said();
            if (dump == null) {
                if (!hasExpired(batch, i, dumps.get(n))) {
                    differs(batch, i, "is not on the target");
                }
                continue;
            }
            ValueDigest onTarget = values.ofDump(dump, batch);
            if (onTarget == null) {
                byLength++;
            } else if (!onTarget.holdsTheSameAs(digests[i])) {
                differs(batch, i, "has another value on the target");
            }
        }
    }

    private void differs(KeyBatch batch, int i, String reason) {
        different++;
        if (differences.size() < ComparisonResult.MAX_DIFFERENCES) {
            String why = batch.hasChangedNames()
                    ? reason + " (where another key of the backup may have taken its name)"
                    : reason;
            differences.add(KeyDifference.of(batch, i, why));
        }
    }

    @Override
    public void close() {
        lookup.close();
    }

    /**
     * What is cheap to tell of a key.
     *
     * @param type {@code none} for a key that is missing
     * @param pttl milliseconds, negative for a key that never expires
     * @param length null when it was not asked, or the key is of another type
     */
    private record Head(String type, long pttl, Long length) {
        /** What {@code PTTL} says of a key that is missing. */
        private static final long GONE = -2;

        boolean isMissing() {
            return type.equals("none") || pttl == GONE;
        }

        static Supplier<Head> ask(Pipeline pipeline, KeyBatch batch, int i) {
            byte[] key = batch.key(i);
            Response<String> type = pipeline.type(key);
            Response<Long> pttl = pipeline.pttl(key);
            Response<Long> length =
                    switch (batch.type(i).logicalName()) {
                        case "string" -> pipeline.strlen(key);
                        case "list" -> pipeline.llen(key);
                        case "set" -> pipeline.scard(key);
                        case "zset" -> pipeline.zcard(key);
                        case "hash" -> pipeline.hlen(key);
                        default -> null; // what streams say of themselves may be wrong, modules have no length
                    };
            return () -> new Head(type.get(), pttl.get(), length == null ? null : unlessOfAnotherType(length));
        }

        private static Long unlessOfAnotherType(Response<Long> length) {
            try {
                return length.get();
            } catch (JedisDataException e) {
                if (e.getMessage().startsWith("WRONGTYPE")) {
                    return null;
                }
                throw e;
            }
        }
    }
}
