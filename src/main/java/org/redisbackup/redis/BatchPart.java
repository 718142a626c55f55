package org.redisbackup.redis;

import java.util.BitSet;
import org.redisbackup.rdb.KeyBatch;

/** Records of a batch that one server takes: all of a batch, or some that stay in the arena which they share with others. */
final class BatchPart {
    private final KeyBatch batch;
    private final int[] records;
    private final boolean askedFor;
    private final BitSet doubtful;

    private BatchPart(KeyBatch batch, int[] records, boolean askedFor, BitSet doubtful) {
        this.batch = batch;
        this.records = records;
        this.askedFor = askedFor;
        this.doubtful = doubtful;
    }

    /** A batch that one server takes, function libraries among it. Who delivers it releases it. */
    static BatchPart whole(KeyBatch batch) {
        return new BatchPart(batch, null, false, new BitSet(0));
    }

    /**
     * Some records of a batch, which is not released when they are delivered.
     *
     * @param records their indexes, rising; not copied
     * @param askedFor whether the server takes them only after {@code ASKING}
     * @param doubtful of all records, those that were sent before without an answer; not copied
     */
    static BatchPart of(KeyBatch batch, int[] records, boolean askedFor, BitSet doubtful) {
        return new BatchPart(batch, records, askedFor, doubtful);
    }

    KeyBatch batch() {
        return batch;
    }

    int size() {
        return records == null ? batch.size() : records.length;
    }

    /** Index in the batch of the record at a position from 0 to {@link #size}. */
    int record(int position) {
        return records == null ? position : records[position];
    }

    boolean isWhole() {
        return records == null;
    }

    /** Whether the server takes these keys only after {@code ASKING}, as their slot is on its way to it. */
    boolean isAskedFor() {
        return askedFor;
    }

    /** Whether any record was sent before without an answer. */
    boolean isDoubtful() {
        return batch.isMaybeSent() || !doubtful.isEmpty();
    }

    /** Whether the record was sent before without an answer, so that the target may hold it by that. */
    boolean isDoubtful(int record) {
        return batch.isMaybeSent() || doubtful.get(record);
    }

    /** The record was sent, and its answer lost. */
    void doubt(int record) {
        doubtful.set(record);
    }

    void release() {
        if (isWhole()) {
            batch.release();
        }
    }
}
