package org.redisbackup.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.redisbackup.aof.AofPart;
import org.redisbackup.rdb.ResumePoint;

/**
 * The dumps of one backup: the backup itself, what it unpacks to when it is compressed, or the dumps of an archive. What
 * it is, its first bytes tell; names don't count. Everything is streamed, nothing is written to disk.
 *
 * <p>In an archive, links, folders and files that are no dumps are passed over with a warning; a dump in it may be
 * compressed by itself. An archive inside an archive and data compressed twice are refused, because whatever may hold a
 * dump is never passed over.
 *
 * <p>The files of an archive come as they stand in it. A multi-part append-only file is one dump, but its manifest, which
 * has the order of its parts, may stand behind them: so files that may be parts are passed over at first, and read when
 * the rest of the archive is done and the backup is opened anew. That takes a second pass over it, and one more each time
 * that a part stands before the one it follows.
 */
public final class BackupContent implements Backup {
    private static final int MOST_WARNINGS = 100;

    /** Opens the backup anew, from its first byte on. */
    @FunctionalInterface
    public interface Source {
        InputStream open() throws IOException;
    }

    private final ResumePoint from;
    private final Source again;
    private final ContentLimits limits;
    private final Consumer<String> warnings;
    private final AppendOnlyFiles appendOnly = new AppendOnlyFiles();
    /** Held by who reads: what a library holds must not be given back under its reader, which may be another thread. */
    private final ReentrantLock reading = new ReentrantLock();

    private final Set<EntryName> passed = new HashSet<>(); // in the present pass, when it is not the first
    private volatile Pass pass;
    private volatile long furthest;
    private volatile boolean closed;
    private boolean begun;
    private boolean freed;
    private EntryName entry; // whose content is being read
    private Deque<AppendOnlyFiles.Parts> together; // when the first pass is over
    private int dumps;
    private int warned;

    /**
     * @param stream the backup from its first byte on; nothing is read of it yet
     * @param again opens it anew, for the append-only files of an archive
     * @param warnings told what was passed over, in sentences without a full stop
     */
    public BackupContent(InputStream stream, Source again, ContentLimits limits, Consumer<String> warnings) {
        this(ResumePoint.START, stream, again, limits, warnings);
    }

    /**
     * A backup that is read on from the middle.
     *
     * @param from where that is; {@code stream} begins with the head of its place and goes on there, if it has one
     */
    public BackupContent(
            ResumePoint from, InputStream stream, Source again, ContentLimits limits, Consumer<String> warnings) {
        this.from = from;
        this.again = again;
        this.limits = limits;
        this.warnings = warnings;
        pass = new Pass(stream, limits, this::warn);
    }

    @Override
    public ResumePoint from() {
        return from;
    }

    private void warn(String warning) {
        warned++;
        if (warned <= MOST_WARNINGS) {
            warnings.accept(
                    warned < MOST_WARNINGS ? warning : "there is more to warn of than the first " + (warned - 1));
        }
    }

    /**
     * The next dump. What is left of the one before is gone over, which checks it, unless the backup is that dump itself.
     *
     * @return null when there is no other
     * @throws BackupContentException when the backup is damaged, holds no dump, or holds what can't be looked into
     */
    @Override
    public Dump next() throws IOException {
        enter();
        try {
            if (!begun) {
                begun = true;
                pass.begin();
                return pass.isArchive() ? nextOfArchive() : whole();
            }
            if (pass.isPacked()) {
                pass.finishContent();
            }
            return pass.isArchive() ? nextOfArchive() : null;
        } catch (BackupContentException e) {
            throw inEntry(e);
        } finally {
            leave();
        }
    }

    private Dump whole() {
        return pass.isPacked() ? present("") : new Dump(null, List.of(new AofPart(null, pass::content)), false);
    }

    /** What is found and neither known nor said to be an append-only file. */
    private Dump present(String name) {
        return new Dump(name, List.of(new AofPart(name, () -> new Part(null))), false);
    }

    private Dump nextOfArchive() throws IOException {
        Dump dump = together == null ? nextFile() : null;
        if (dump == null) {
            dump = nextAppendOnly();
        }
        if (dump == null && dumps == 0) {
            throw new BackupContentException("it is an archive without any dump");
        }
        dumps++;
        return dump;
    }

    private Dump nextFile() throws IOException {
        while (advance()) {
            boolean isUnknown = false;
            if (entry.isManifest()) {
                appendOnly.addManifest(entry, pass.content());
            } else if (entry.mayBePart()) {
                appendOnly.addFile(entry);
            } else if (Dump.is(pass.head(entry))) {
                return present(entry.toString());
            } else {
                isUnknown = true;
            }
            pass.finishContent();
            if (isUnknown) { // and not a damaged dump, of whose start nothing could be read
                warn(entry + " is no dump and was skipped");
            }
        }
        together = appendOnly.together(this::warn);
        return null;
    }

    private boolean advance() throws IOException {
        entry = null;
        entry = pass.next();
        return entry != null;
    }

    private Dump nextAppendOnly() {
        AppendOnlyFiles.Parts next = together.poll();
        return next == null
                ? null
                : new Dump(
                        next.name().toString(),
                        next.parts().stream()
                                .map(part -> new AofPart(part.toString(), () -> new Part(part)))
                                .toList(),
                        true);
    }

    /** Goes on to a file that was passed over before. */
    private void seek(EntryName wanted) throws IOException {
        if (passed.isEmpty() || passed.contains(wanted)) {
            beginAgain();
        } else {
            pass.finishContent();
        }
        while (advance()) {
            passed.add(entry);
            if (entry.equals(wanted)) {
                pass.head(entry);
                return;
            }
            pass.finishContent();
        }
        throw new BackupContentException(wanted, "it is not in the archive any more", null);
    }

    private void beginAgain() throws IOException {
        furthest = bytesRead();
        pass.close();
        passed.clear();
        pass = new Pass(again.open(), limits, warning -> {}); // the first pass told them
        if (closed) {
            pass.abort();
        }
        pass.begin();
    }

    /** Whether bytes and places of a dump are not those of the backup, because it is compressed or an archive. */
    @Override
    public boolean isPacked() {
        return pass.isPacked();
    }

    /** Bytes of the backup read so far, unpacked or not; for any thread. */
    @Override
    public long bytesRead() {
        return Math.max(furthest, pass.bytesRead());
    }

    private void enter() throws IOException {
        reading.lock();
        if (closed) {
            leave();
            throw new IOException("the backup was closed before its end");
        }
    }

    /** Whoever reads last gives back what the libraries hold. */
    private void leave() {
        reading.unlock();
        if (closed) {
            free();
        }
    }

    private void free() {
        if (reading.tryLock()) {
            try {
                if (!freed) {
                    freed = true;
                    pass.close();
                }
            } catch (IOException e) {
                // what was read is read
            } finally {
                reading.unlock();
            }
        }
    }

    private IOException inEntry(BackupContentException e) {
        return entry == null || e.entry() != null ? e : new BackupContentException(entry, e.problem(), e);
    }

    /** Ends a read in progress, by any thread. */
    @Override
    public void close() throws IOException {
        closed = true;
        pass.abort();
        free();
    }

    /** Reads the present file, or finds the wanted one first. */
    private final class Part extends InputStream {
        private EntryName wanted;

        /** @param wanted the file to find; null for the one that was found */
        Part(EntryName wanted) {
            this.wanted = wanted;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            enter();
            try {
                if (wanted != null) {
                    seek(wanted);
                    wanted = null;
                }
                return pass.content().read(target, offset, length);
            } catch (BackupContentException e) {
                throw inEntry(e);
            } finally {
                leave();
            }
        }
    }
}
