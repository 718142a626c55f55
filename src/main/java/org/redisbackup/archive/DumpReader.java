package org.redisbackup.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import org.redisbackup.aof.AofReader;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.BackupFormatException;
import org.redisbackup.rdb.BackupReader;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.InFlight;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.ResumePoint;
import org.redisbackup.rdb.ValueCheck;

/**
 * All dumps of a backup as batches, one dump after the other, read as they are asked for. Limits of what is in flight hold
 * for all dumps together. What stands before a broken place is handed out before the failure is told.
 */
public final class DumpReader implements BackupReader<BackupBatch> {
    private final Backup content;
    private final RdbLimits limits;
    private final int batchSize;
    private final int batchBytes;
    private final ValueCheck check;
    private final InFlight inFlight;
    private final AtomicLong batches = new AtomicLong();
    private volatile AofReader reader; // of the present dump
    private volatile String warning;
    private IOException failure;
    private boolean told;
    private boolean ended;
    private ResumePoint from; // until the first dump begins
    private long toPass; // pieces that are not handed out again

    /**
     * @param content closed with this reader
     * @param batchSize keys or commands in a batch at most, at least 1
     * @param batchBytes of them in a batch, about; a larger record or transaction gets more
     * @param batchesInFlight batches of keys that may be handed out and unreleased, or 0 for any number
     * @param check of values, as {@link BatchReader} takes it
     */
    public DumpReader(
            Backup content, RdbLimits limits, int batchSize, int batchBytes, int batchesInFlight, ValueCheck check) {
        this.content = content;
        this.limits = limits;
        this.batchSize = batchSize;
        this.batchBytes = batchBytes;
        this.check = check;
        from = content.from();
        toPass = from.place() == null ? from.pieces() : 0;
        inFlight = BatchReader.inFlight(limits, batchBytes, batchesInFlight);
    }

    @Override
    public long batches() {
        return batches.get();
    }

    /** Of a packed backup, the bytes read of it. */
    @Override
    public long offset() {
        AofReader current = reader;
        return current == null || content.isPacked() ? content.bytesRead() : current.offset();
    }

    @Override
    public String warning() {
        return warning;
    }

    @Override
    public boolean hasNext() {
        if (told) {
            return false;
        }
        while (failure == null && !ended) {
            if (reader == null || !reader.hasNext()) {
                nextDump();
            } else if (toPass == 0) {
                return true;
            } else {
                pass();
            }
        }
        return failure != null;
    }

    /** A batch that was delivered before. */
    private void pass() {
        try {
            BackupBatch batch = reader.next();
            batch.release();
            toPass -= batch.pieces();
        } catch (UncheckedIOException e) {
            failure = inDump(e.getCause());
        }
    }

    private void nextDump() {
        try {
            if (reader != null && reader.warning() != null) {
                warn(reader.warning());
            }
            Dump dump = content.next();
            if (dump == null) {
                ended = true;
                return;
            }
            AofReader next =
                    new AofReader(dump.parts(), limits, batchSize, batchBytes, inFlight, check, !dump.appendOnly());
            next.goOn(from.place(), toPass);
            from = ResumePoint.START;
            reader = next;
        } catch (IOException e) {
            failure = e;
        } catch (OutOfMemoryError e) {
            // thrown on, it would end the thread of a splitter that knows exceptions only, and the import would hang
            failure = new BackupContentException(
                    "the heap is too small to unpack it: give the process more memory (-Xmx)");
        }
    }

    private void warn(String ofDump) {
        EntryName entry = entry();
        String inDump = (entry == null ? content.isPacked() ? "unpacked, " : "" : entry + ": ") + ofDump;
        warning = warning == null ? inDump : warning + "; " + inDump;
    }

    /** @throws UncheckedIOException with a {@link BackupContentException}, too */
    @Override
    public BackupBatch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (failure != null) {
            told = true;
            throw new UncheckedIOException(failure);
        }
        try {
            BackupBatch batch = reader.next();
            batches.incrementAndGet();
            return batch;
        } catch (UncheckedIOException e) {
            told = true;
            throw new UncheckedIOException(inDump(e.getCause()));
        }
    }

    /** A place in a dump that is not the backup itself needs the dump's name. */
    private IOException inDump(IOException e) {
        return content.isPacked() && e instanceof BackupFormatException broken
                ? new BackupContentException(
                        entry(), broken.problem() + " (at byte " + broken.offset() + " of the dump)", e)
                : e;
    }

    /** The archive's entry that is being read, or null. */
    private EntryName entry() {
        String part = reader.part();
        return part == null || part.isEmpty() ? null : new EntryName(part);
    }

    /** Closes the backup. A thread that waits in {@link #next} gets an exception; a value being streamed breaks. */
    @Override
    public void close() throws IOException {
        inFlight.close();
        content.close();
        AofReader current = reader;
        if (current != null) {
            current.close();
        }
    }
}
