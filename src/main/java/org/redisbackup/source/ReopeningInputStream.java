package org.redisbackup.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Consecutive bytes of one version of an object, over as many connections as it takes: when one breaks, or ends too
 * early, the next asks for the rest. Each request is pinned to the ETag, so that all bytes are of one version.
 * For one reading thread; {@link #close} may come from any and ends a read or pause in progress, but not a
 * request that has no answer yet: that ends with the answer or the client's timeout.
 */
final class ReopeningInputStream extends InputStream {
    private final S3Client client;
    private final BackupFile file;
    private final Backoff backoff;
    private final ReadEvents events;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final long end;

    private volatile ResponseInputStream<GetObjectResponse> body;
    private volatile StallWatch watch; // of the body
    private long position;
    private boolean ranged;
    private boolean accepted; // credentials that were accepted once may only have to be renewed
    private int attemptsInVain;

    /**
     * @param from the first byte to read, 0 to the size of the file
     * @param to the byte behind the last one, {@code from} to the size of the file
     * @param events as {@link S3BackupSource#open} takes them
     */
    ReopeningInputStream(S3Client client, BackupFile file, long from, long to, Backoff backoff, ReadEvents events) {
        this.client = client;
        this.file = file;
        position = Objects.checkFromToIndex(from, to, file.size());
        accepted = from > 0; // as somebody has read what is before
        end = to;
        this.backoff = backoff;
        this.events = events;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws SourceException when the object changed, can't be read, or brought no byte in too many attempts */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        while (position < end) {
            connect();
            int count = readBody(buffer, offset, (int) Math.min(length, end - position));
            if (count > 0) {
                position += count;
                succeeded();
                releaseWhenComplete();
                return count;
            }
        }
        return -1;
    }

    /** Of the next byte, in the object. */
    long position() {
        return position;
    }

    /** Whether it will bring these bytes of the object next. */
    boolean brings(long from, long to) {
        return position == from && end >= to;
    }

    /** Whether the server heeded the Range of the last request. */
    boolean isRanged() {
        return ranged;
    }

    /** Sends the request unless its answer is being read, so that a caller learns at once what is wrong with it. */
    void connect() throws IOException {
        while (body == null && position < end) {
            requireOpen();
            try {
                ResponseInputStream<GetObjectResponse> answer =
                        client.getObject(request -> request.bucket(file.bucket())
                                .key(file.key())
                                .ifMatch(file.etag())
                                .overrideConfiguration(override -> override.apiCallTimeout(backoff.silence()))
                                .range("bytes=" + position + "-" + (end == file.size() ? "" : end - 1)));
                requirePinned(answer);
                accepted = true;
                ranged = answer.response().contentRange() != null;
                watch = new StallWatch(backoff.silence(), answer::abort);
                body = answer;
                requireOpen();
            } catch (SdkException e) {
                requireUninterrupted(e);
                if (S3Failure.isChanged(e)) {
                    throw changed(e);
                }
                boolean maybeRenewed = accepted && S3Failure.isOfCredentials(e);
                if (!maybeRenewed && !S3Failure.isTransient(e)) {
                    throw S3Failure.of(e, file.uri(), file.bucket());
                }
                pause(S3Failure.isTimeout(e) ? silent() : S3Failure.reason(e, file.bucket()), e);
            }
        }
    }

    /** Answers the bytes read, or 0 when the connection broke or ended early. */
    private int readBody(byte[] buffer, int offset, int length) throws IOException {
        Exception broken = null;
        watch.reading();
        try {
            int count = body.read(buffer, offset, length);
            if (count > 0) {
                watch.ended();
                return count;
            }
        } catch (IOException | SdkException e) {
            broken = e;
        }
        boolean stalled = watch.ended();
        requireOpen();
        body.abort();
        release();
        if (stalled) {
            pause(silent(), broken);
        } else {
            requireUninterrupted(broken);
            pause(broken == null ? "the connection ended early." : S3Failure.reason(broken, file.bucket()), broken);
        }
        return 0;
    }

    private String silent() {
        return "the S3 server sent nothing for " + backoff.silence().toMillis() / 1000.0 + " s.";
    }

    private void succeeded() {
        if (attemptsInVain > 0) {
            attemptsInVain = 0;
            events.goesOn();
        }
    }

    private void release() {
        body = null;
        watch.close();
    }

    /** The connection of an answer that was read to its end can serve the next request. */
    private void releaseWhenComplete() {
        if (position == end) {
            try {
                body.close();
            } catch (IOException | SdkException e) {
                body.abort(); // all bytes are here: what the connection does now is no concern of the reader
            }
            release();
        }
    }

    /** A server that does not know If-Match or Range would have us mix versions or places. */
    private void requirePinned(ResponseInputStream<GetObjectResponse> answer) throws SourceException {
        String etag = answer.response().eTag();
        String range = answer.response().contentRange();
        boolean sameVersion = etag == null || unquoted(etag).equals(unquoted(file.etag()));
        boolean rightPlace = range == null ? position == 0 : range.startsWith("bytes " + position + "-");
        if (sameVersion && rightPlace) {
            return;
        }
        answer.abort();
        throw sameVersion
                ? new SourceException("Cannot read " + file.uri() + " from byte " + position
                        + ": the S3 server ignores the Range of a request.")
                : changed(null);
    }

    private static String unquoted(String etag) {
        return etag.replace("\"", "");
    }

    private SourceException changed(Exception cause) {
        return new SourceException(
                file.uri() + " changed while it was read (at byte " + position + " of " + file.size()
                        + "): another version took its place; import it again.",
                cause);
    }

    private void pause(String reason, Exception cause) throws IOException {
        attemptsInVain++;
        if (attemptsInVain >= backoff.attempts()) {
            throw new SourceException(
                    "Gave up reading " + file.uri() + " at byte " + position + " of " + file.size() + " after "
                            + attemptsInVain + " attempts in a row that brought no byte: " + reason,
                    cause);
        }
        events.broke("Reading " + file.uri() + " goes on at byte " + position + " of " + file.size()
                + " with another connection: " + reason);
        try {
            if (closed.await(backoff.pauseAfter(attemptsInVain).toMillis(), TimeUnit.MILLISECONDS)) {
                requireOpen();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            requireUninterrupted(e);
        }
    }

    private void requireUninterrupted(Exception failure) throws InterruptedIOException {
        if (S3Failure.isInterruption(failure)) {
            Thread.currentThread().interrupt();
            InterruptedIOException e =
                    new InterruptedIOException("interrupted while reading " + file.uri() + " at byte " + position);
            e.initCause(failure);
            throw e;
        }
    }

    private void requireOpen() throws IOException {
        if (closed.getCount() == 0) {
            abort();
            throw new IOException("the stream of " + file.uri() + " is closed");
        }
    }

    /** Closing the SDK's stream would first read the rest of the object. */
    private void abort() {
        ResponseInputStream<GetObjectResponse> current = body;
        if (current != null) {
            watch.close();
            current.abort();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        abort();
    }
}
