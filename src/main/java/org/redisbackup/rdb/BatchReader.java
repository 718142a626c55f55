package org.redisbackup.rdb;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * An RDB stream as key batches, read as they are asked for.
 *
 * <p>Batches that were handed out and not yet {@link KeyBatch#release released} are limited, in number and in bytes, which
 * counts for those that grew for large values: {@link #next} waits. That bounds the memory of an import, however large
 * the file. When the file turns out to be broken, the records before the
 * broken place are handed out first, and the next call throws.
 *
 * <p>One thread at a time may iterate; {@link #close}, {@link #offset} and {@link #batches} may be called by any.
 */
public final class BatchReader implements Iterator<KeyBatch>, Closeable {
    private static final int EXPECTED_BYTES_A_KEY = 64;

    private final String dump;
    private final InputStream stream;
    private final RdbReader reader;
    private final int batchKeys;
    private final int batchBytes;
    private final BatchesInFlight inFlight;
    private KeyBatch prepared;
    private volatile StreamedSlice streaming; // the last batch handed out carries it
    private IOException failure;
    private boolean told;
    private boolean ended;

    /**
     * @param stream of one RDB file; closed with this reader
     * @param batchKeys records in a batch at most, at least 1
     * @param batchBytes of keys and values in a batch, about; a larger record gets more
     * @param batchesInFlight batches that may be handed out and unreleased, or 0 for any number
     */
    public BatchReader(InputStream stream, RdbLimits limits, int batchKeys, int batchBytes, int batchesInFlight) {
        this(null, stream, limits, batchKeys, batchBytes, new BatchesInFlight(batchesInFlight, batchBytes, limits));
    }

    /**
     * Reads one of several dumps of a backup.
     *
     * @param dump what {@link KeyBatch#dump} tells
     * @param inFlight shared by all dumps of the backup
     */
    public BatchReader(
            String dump,
            InputStream stream,
            RdbLimits limits,
            int batchKeys,
            int batchBytes,
            BatchesInFlight inFlight) {
        if (batchKeys < 1 || batchBytes < 1) {
            throw new IllegalArgumentException("a batch holds at least one key and one byte");
        }
        this.dump = dump;
        this.stream = stream;
        this.batchKeys = batchKeys;
        this.batchBytes = batchBytes;
        this.inFlight = inFlight;
        reader = new RdbReader(stream, limits);
    }

    /** Bytes of the stream gone over so far. */
    public long offset() {
        return reader.offset();
    }

    /** Batches handed out so far, of all dumps of the backup. */
    public long batches() {
        return inFlight.handedOut();
    }

    String dump() {
        return dump;
    }

    /**
     * Reads the next batch, but while the value of the last one is still being streamed, says true without looking:
     * what follows it may be a batch of no keys.
     *
     * <p>Never throws: who looks ahead while holding a batch would lose that batch. When reading failed, says true, and
     * {@link #next} throws. After that there is no next.
     */
    @Override
    public boolean hasNext() {
        if (told) {
            return false;
        }
        if (prepared == null && streaming == null && failure == null) {
            prepare();
        }
        return prepared != null || streaming != null || failure != null;
    }

    /**
     * Waits for a batch to be released when too many are in flight.
     *
     * @throws UncheckedIOException with an {@link RdbFormatException} or what the stream threw, and when the reader is
     *     closed meanwhile
     */
    @Override
    public KeyBatch next() {
        try {
            if (streaming != null) {
                awaitStreamed();
            }
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (prepared == null) {
                throw failure;
            }
            inFlight.take(prepared);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted while waiting for a batch"));
        } catch (IOException e) {
            told = true;
            throw new UncheckedIOException(e);
        }
        KeyBatch batch = prepared;
        prepared = null;
        streaming = (StreamedSlice) batch.streamedValue();
        return batch;
    }

    private void awaitStreamed() throws IOException, InterruptedException {
        streaming.awaitEnd();
        inFlight.requireOpen();
        streaming = null;
        prepare();
        if (prepared == null && failure == null) {
            prepared = newBatch(); // the promise that hasNext made
        }
    }

    private void prepare() {
        if (ended) {
            return;
        }
        KeyBatch batch = null;
        try {
            batch = newBatch();
            fill(batch);
        } catch (IOException e) {
            failure = e;
        } catch (OutOfMemoryError e) {
            // thrown on, it would end the thread of a splitter that knows exceptions only, and the import would hang
            failure = new RdbFormatException(
                    reader.offset(), "the heap is too small to read on: give the process more memory (-Xmx)");
        }
        if (batch != null && (batch.size() > 0 || !batch.functions().isEmpty())) {
            prepared = batch;
        }
    }

    private void fill(KeyBatch batch) throws IOException {
        int enough = batchBytes - batchBytes / 8; // so that an average last record fits without growing the arena
        while (batch.size() < batchKeys && batch.contentBytes() < enough && batch.streamedValue() == null) {
            RdbReader.Step step = reader.readInto(batch);
            if (step == RdbReader.Step.RECORD) {
                continue;
            }
            ended = step == RdbReader.Step.FILE_ENDS;
            break;
        }
        batch.endAt(reader.checkpoint());
    }

    private KeyBatch newBatch() {
        int keys = Math.min(batchKeys, batchBytes / EXPECTED_BYTES_A_KEY + 1);
        KeyBatch batch = new KeyBatch(keys, batchBytes, this);
        batch.endAt(reader.checkpoint());
        return batch;
    }

    void breakOff(IOException why) {
        inFlight.breakOff(why);
    }

    void released(KeyBatch batch) {
        inFlight.release(batch);
    }

    /** Closes the stream. A thread that waits in {@link #next} gets an exception; a value being streamed breaks. */
    @Override
    public void close() throws IOException {
        inFlight.close();
        stream.close(); // which ends a read that a value being streamed waits for
        StreamedSlice value = streaming;
        if (value != null) {
            value.cut();
        }
    }
}
