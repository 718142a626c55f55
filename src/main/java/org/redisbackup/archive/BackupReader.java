package org.redisbackup.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.BatchesInFlight;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.rdb.RdbLimits;

/**
 * All dumps of a backup as key batches, one dump after the other, read as they are asked for. Limits of what is in flight
 * hold for all dumps together. It promises what {@link BatchReader} does: looking ahead never throws, what stands before a
 * broken place is handed out first, one thread at a time may iterate, and the other methods may be called by any.
 */
public final class BackupReader implements Iterator<KeyBatch>, Closeable {
    private final BackupContent content;
    private final RdbLimits limits;
    private final int batchKeys;
    private final int batchBytes;
    private final BatchesInFlight inFlight;
    private Dump dump;
    private volatile BatchReader reader; // of the present dump
    private IOException failure;
    private boolean told;
    private boolean ended;

    /**
     * @param content closed with this reader
     * @param batchKeys records in a batch at most, at least 1
     * @param batchBytes of keys and values in a batch, about; a larger record gets more
     * @param batchesInFlight batches that may be handed out and unreleased, or 0 for any number
     */
    public BackupReader(BackupContent content, RdbLimits limits, int batchKeys, int batchBytes, int batchesInFlight) {
        this.content = content;
        this.limits = limits;
        this.batchKeys = batchKeys;
        this.batchBytes = batchBytes;
        inFlight = new BatchesInFlight(batchesInFlight, batchBytes, limits);
    }

    /** Batches handed out so far. */
    public long batches() {
        return inFlight.handedOut();
    }

    /** Bytes of the backup gone over so far; of a packed one those read. */
    public long bytesRead() {
        BatchReader current = reader;
        return current == null || content.isPacked() ? content.bytesRead() : current.offset();
    }

    /** Never throws: when reading failed, says true, and {@link #next} throws. After that there is no next. */
    @Override
    public boolean hasNext() {
        if (told) {
            return false;
        }
        while (failure == null && !ended) {
            if (reader != null && reader.hasNext()) {
                return true;
            }
            nextDump();
        }
        return failure != null;
    }

    private void nextDump() {
        try {
            dump = content.next();
            if (dump == null) {
                ended = true;
                return;
            }
            requireRdb();
            reader = new BatchReader(dump.name(), dump.parts().get(0), limits, batchKeys, batchBytes, inFlight);
        } catch (IOException e) {
            failure = e;
        } catch (OutOfMemoryError e) {
            // thrown on, it would end the thread of a splitter that knows exceptions only, and the import would hang
            failure = new BackupContentException(
                    "the heap is too small to unpack it: give the process more memory (-Xmx)");
        }
    }

    private void requireRdb() throws BackupContentException {
        EntryName entry = dump.entry();
        if (entry != null && (entry.isManifest() || entry.mayBePart())) {
            throw new BackupContentException(entry, "append-only files can't be read yet", null);
        }
    }

    /**
     * Waits for a batch to be released when too many are in flight.
     *
     * @throws UncheckedIOException with what {@link BatchReader#next} throws, or a {@link BackupContentException}
     */
    @Override
    public KeyBatch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (failure != null) {
            told = true;
            throw new UncheckedIOException(failure);
        }
        try {
            return reader.next();
        } catch (UncheckedIOException e) {
            told = true;
            throw new UncheckedIOException(inDump(e.getCause()));
        }
    }

    /** A place in a dump that is not the backup itself needs the dump's name. */
    private IOException inDump(IOException e) {
        return content.isPacked() && e instanceof RdbFormatException broken
                ? new BackupContentException(
                        dump.entry(), broken.problem() + " (at byte " + broken.offset() + " of the unpacked dump)", e)
                : e;
    }

    /** Closes the backup. A thread that waits in {@link #next} gets an exception; a value being streamed breaks. */
    @Override
    public void close() throws IOException {
        content.close();
        BatchReader current = reader;
        if (current != null) {
            current.close();
        }
    }
}
