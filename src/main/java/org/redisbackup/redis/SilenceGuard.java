package org.redisbackup.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Tells a server that hangs from one that is given nothing to do. When the socket's read timeout runs out, that is fine
 * as long as no answer is owed, or a command is half sent because its backup is slow. It is not when nothing moved
 * since the last timeout, although commands were sent or wait for the server to take them.
 */
final class SilenceGuard {
    private final BooleanSupplier owesAnswers;
    /** Odd while the socket takes bytes. */
    private volatile long writes;

    private volatile boolean sending;

    /**
     * @param owesAnswers whether the server was sent something that it did not answer
     */
    SilenceGuard(BooleanSupplier owesAnswers) {
        this.owesAnswers = owesAnswers;
    }

    /** Whether somebody is about to send more. */
    void sending(boolean now) {
        sending = now;
    }

    OutputStream watch(OutputStream socket) {
        return new OutputStream() {
            @Override
            public void write(int oneByte) throws IOException {
                write(new byte[] {(byte) oneByte}, 0, 1);
            }

            @Override
            @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes at a time
            public void write(byte[] bytes, int offset, int length) throws IOException {
                writes++;
                socket.write(bytes, offset, length);
                writes++;
            }
        };
    }

    /** A stream whose reads end with an exception only when the server hangs. */
    InputStream watch(InputStream socket) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                long before = -1;
                while (true) {
                    try {
                        return socket.read(bytes, offset, length);
                    } catch (SocketTimeoutException e) {
                        long now = writes;
                        boolean stuck = now % 2 == 1 || !sending;
                        if (now == before && stuck && owesAnswers.getAsBoolean()) {
                            throw new IOException("it owes answers and is silent", e);
                        }
                        before = now;
                    }
                }
            }
        };
    }
}
