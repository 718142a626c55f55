package org.redisbackup.app.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The folder that the embedded servers keep their data in, locked against a second start. */
final class DataFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel lock;

    private DataFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** @throws IOException when another process works in the folder; the message names it */
    static DataFolder lock(Path path) throws IOException {
        Files.createDirectories(path);
        Path pid = path.resolve("pid");
        FileChannel channel =
                FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                Files.writeString(pid, Long.toString(ProcessHandle.current().pid()));
                return new DataFolder(path.toAbsolutePath(), channel);
            }
        } catch (OverlappingFileLockException e) {
            // held by this very process: refused all the same
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IOException("The folder " + path.toAbsolutePath() + " is in use by process "
                + (Files.exists(pid) ? Files.readString(pid) : "(unknown)")
                + ": stop that one first, or start this one in another folder.");
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
