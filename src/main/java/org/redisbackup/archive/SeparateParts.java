package org.redisbackup.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.redisbackup.aof.AofPart;
import org.redisbackup.rdb.ResumePoint;

/** An append-only file whose parts are files of their own, as servers keep them in a folder. */
public final class SeparateParts implements Backup {
    private final ResumePoint from;
    private final Dump dump;
    private final AtomicLong bytesRead = new AtomicLong();
    private boolean begun;
    private volatile InputStream open;
    private volatile boolean closed;

    /**
     * @param from where its reader goes on; without a place
     * @param manifest name of the file that names the parts, for messages
     * @param parts in the order of the manifest; each is opened when its turn has come
     */
    public SeparateParts(ResumePoint from, String manifest, List<AofPart> parts) {
        this.from = from;
        dump = new Dump(
                manifest,
                parts.stream()
                        .map(part -> new AofPart(part.name(), () -> open(part)))
                        .toList(),
                true);
    }

    private InputStream open(AofPart part) throws IOException {
        requireOpen();
        InputStream stream = new FilterInputStream(part.source().open()) {
            @Override
            public int read() throws IOException {
                int one = in.read();
                bytesRead.addAndGet(one < 0 ? 0 : 1);
                return one;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = in.read(target, offset, length);
                bytesRead.addAndGet(Math.max(0, count));
                return count;
            }
        };
        open = stream;
        if (closed) { // meanwhile
            stream.close();
            requireOpen();
        }
        return stream;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the backup was closed before its end");
        }
    }

    @Override
    public Dump next() throws IOException {
        requireOpen();
        boolean first = !begun;
        begun = true;
        return first ? dump : null;
    }

    @Override
    public ResumePoint from() {
        return from;
    }

    @Override
    public boolean isPacked() {
        return true;
    }

    @Override
    public long bytesRead() {
        return bytesRead.get();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        InputStream stream = open;
        if (stream != null) {
            stream.close();
        }
    }
}
