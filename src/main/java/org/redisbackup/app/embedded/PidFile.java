package org.redisbackup.app.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Remembers a server over the death of its JVM, for the rare case that the server outlives it: when the shell of its
 * {@link ChildProcess} was killed as well. A pid alone may belong to another process by then, so that the file holds
 * the time of its start too.
 */
final class PidFile {
    /** The system tells start times relative to its boot, whose own time it rounds. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Path file;

    PidFile(Path file) {
        this.file = file;
    }

    void write(long pid) throws IOException {
        Optional<Instant> start =
                ProcessHandle.of(pid).flatMap(process -> process.info().startInstant());
        if (start.isPresent()) {
            Files.writeString(file, pid + " " + start.get());
        }
    }

    /** Ends the process that the file speaks of, if it is the same and still runs; forgets it in any case. */
    void endLeftover() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        String[] words = Files.readString(file).trim().split(" ");
        if (words.length == 2) {
            Instant start = Instant.parse(words[1]);
            ProcessHandle.of(Long.parseLong(words[0]))
                    .filter(process -> startedAt(process, start))
                    .ifPresent(PidFile::end);
        }
        delete();
    }

    private static boolean startedAt(ProcessHandle process, Instant expected) {
        return process.info()
                .startInstant()
                .filter(start -> Duration.between(expected, start).abs().compareTo(TOLERANCE) < 0)
                .isPresent();
    }

    private static void end(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(GRACE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
