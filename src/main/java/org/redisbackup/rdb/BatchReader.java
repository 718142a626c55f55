package org.redisbackup.rdb;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

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

    private final InputStream stream;
    private final RdbReader reader;
    private final int batchKeys;
    private final int batchBytes;
    private final Semaphore places;
    private final Semaphore memory;
    private final int memoryLimit;
    private final AtomicLong batches = new AtomicLong();
    private volatile boolean closed;
    private KeyBatch prepared;
    private volatile StreamedSlice streaming; // the last batch handed out carries it
    private volatile IOException brokenBy; // a batch that could not be delivered
    private IOException failure;
    private boolean told;
    private boolean ended;

    /**
     * @param stream of one RDB file; closed with this reader
     * @param batchKeys records in a batch at most, at least 1
     * @param batchBytes of keys and values in a batch, about; a larger record gets more
     * @param batchesInFlight batches that may be handed out and unreleased, or 0 for any number; together they take as
     *     many batches of normal size would, or as the largest value may that is held in memory
     * @param check what looks at values that are not streamed; what then happens {@link RdbLimits#validation} says
     */
    public BatchReader(
            InputStream stream,
            RdbLimits limits,
            int batchKeys,
            int batchBytes,
            int batchesInFlight,
            ValueCheck check) {
        if (batchKeys < 1 || batchBytes < 1 || batchesInFlight < 0) {
            throw new IllegalArgumentException(
                    "a batch holds at least one key and one byte, and a negative number can't be in flight");
        }
        this.stream = stream;
        this.batchKeys = batchKeys;
        this.batchBytes = batchBytes;
        memoryLimit = (int)
                Math.min(Integer.MAX_VALUE, Math.max((long) batchesInFlight * batchBytes, limits.maxBufferedValue()));
        memory = new Semaphore(memoryLimit);
        reader = new RdbReader(stream, limits, check);
        places = batchesInFlight == 0 ? null : new Semaphore(batchesInFlight);
    }

    /** A reader that looks at no values. */
    public BatchReader(InputStream stream, RdbLimits limits, int batchKeys, int batchBytes, int batchesInFlight) {
        this(stream, limits, batchKeys, batchBytes, batchesInFlight, ValueCheck.NONE);
    }

    /** Bytes of the stream gone over so far. */
    public long offset() {
        return reader.offset();
    }

    /** Batches handed out so far. */
    public long batches() {
        return batches.get();
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
            if (places != null) {
                places.acquire();
                memory.acquire(weight(prepared));
            }
            if (brokenBy != null) {
                throw brokenBy;
            }
            if (closed) {
                throw closedException();
            }
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
        batches.incrementAndGet();
        return batch;
    }

    private void awaitStreamed() throws IOException, InterruptedException {
        streaming.awaitEnd();
        if (closed) {
            throw closedException();
        }
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
        if (batch != null && !batch.isEmpty()) {
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
        KeyBatch batch = new KeyBatch(keys, batchBytes, reader.templates(), this);
        batch.endAt(reader.checkpoint());
        return batch;
    }

    void breakOff(IOException why) {
        brokenBy = why;
    }

    void released(KeyBatch batch) {
        if (places != null) {
            places.release();
            memory.release(weight(batch));
        }
    }

    /** The bytes that a batch takes; one alone may always be handed out. */
    private int weight(KeyBatch batch) {
        return Math.min(memoryLimit, batch.memory());
    }

    /** Closes the stream. A thread that waits in {@link #next} gets an exception; a value being streamed breaks. */
    @Override
    public void close() throws IOException {
        closed = true;
        if (places != null) {
            places.release();
            memory.release(memoryLimit);
        }
        stream.close(); // which ends a read that a value being streamed waits for
        StreamedSlice value = streaming;
        if (value != null) {
            value.cut();
        }
    }

    private static IOException closedException() {
        return new IOException("the backup was closed before its end");
    }
}
