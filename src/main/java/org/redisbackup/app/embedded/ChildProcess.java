package org.redisbackup.app.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A program that runs beside this JVM and ends with it, even when the JVM is killed. A POSIX shell between the two
 * holds a pipe from the JVM: once the pipe is closed, by {@link #close} or by the death of the JVM, it ends the program
 * (TERM, and KILL after {@value #GRACE_SECONDS} seconds).
 */
public final class ChildProcess implements AutoCloseable {
    private static final int GRACE_SECONDS = 5;
    private static final int LOG_LINES = 5;
    private static final Duration POLL = Duration.ofMillis(10);

    /**
     * A session of its own (where the system has {@code setsid}) keeps a terminal's Ctrl-C from the program, so that the
     * JVM decides when it ends; the shells ignore the signals for the same reason. A TERM that reaches them, as one sent
     * to the whole process group does, ends the program: the traps are handlers, which the program does not inherit.
     * {@code read} is built in: no process remains when the watching shell is killed.
     */
    private static final String SHELL =
            """
            trap '' INT HUP
            trap : TERM
            log=$1; shift
            if command -v setsid >/dev/null; then set -- setsid "$@"; fi
            exec 3<&0
            "$@" 3<&- </dev/null >>"$log" 2>&1 &
            program=$!
            echo $program
            exec >/dev/null 2>&1
            (
                trap 'signalled=yes' TERM
                while [ -z "$signalled" ] && read -r line <&3; do :; done
                kill -TERM $program
                for tenth in $(seq %d); do kill -0 $program || exit; sleep 0.1; done
                kill -KILL $program
            ) &
            watch=$!
            while :; do
                wait $program
                status=$?
                kill -0 $program || break
            done
            kill -KILL $watch
            exit $status
            """
                    .formatted(GRACE_SECONDS * 10);

    private final String name;
    private final Path log;
    private final Process shell;
    private final long pid;

    private ChildProcess(String name, Path log, Process shell, long pid) {
        this.name = name;
        this.log = log;
        this.shell = shell;
        this.pid = pid;
    }

    /**
     * Starts a program; that it runs does not mean that it is ready, see {@link #await}.
     *
     * @param name what messages call it
     * @param directory its working directory, which exists
     * @param log file that its output is appended to
     * @param command the program and its arguments
     * @throws IOException when there is no POSIX shell, or the log can't be written
     */
    public static ChildProcess start(String name, Path directory, Path log, List<String> command) throws IOException {
        List<String> line = new ArrayList<>(
                List.of("sh", "-c", SHELL, "sh", log.toAbsolutePath().toString()));
        line.addAll(command);
        Process shell = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        BufferedReader said = new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8));
        String pid = said.readLine();
        if (pid == null) {
            throw new IOException("The " + name + " could not be started; see " + log + ".");
        }
        return new ChildProcess(name, log, shell, Long.parseLong(pid.trim()));
    }

    /** Process id of the program itself, not of the shell around it. */
    public long pid() {
        return pid;
    }

    public boolean isAlive() {
        return shell.isAlive();
    }

    /**
     * Waits until the program is ready.
     *
     * @param ready asked again and again, from this thread
     * @throws IOException when the program ends before, or is not ready in time; the message ends with the last lines of
     *     its log
     */
    public void await(BooleanSupplier ready, Duration atMost) throws IOException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!ready.getAsBoolean()) {
            if (ended(POLL)) {
                throw new IOException("The " + name + " ended with status " + shell.exitValue() + lastWords());
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "The " + name + " was not ready after " + atMost.toSeconds() + " s" + lastWords());
            }
        }
    }

    /** Ends the program and waits for it; does nothing when it has ended. */
    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
            if (!ended(Duration.ofSeconds(GRACE_SECONDS + 2))) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                shell.destroyForcibly();
            }
        } catch (IOException e) {
            shell.destroy();
        }
    }

    private boolean ended(Duration within) throws InterruptedIOException {
        try {
            return shell.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the " + name);
        }
    }

    private String lastWords() throws IOException {
        List<String> lines =
                Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList();
        return "; its log " + log + " ends with: "
                + String.join(" | ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    }
}
