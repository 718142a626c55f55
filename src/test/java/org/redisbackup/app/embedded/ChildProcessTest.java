package org.redisbackup.app.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void writesItsOutputToTheLogAndKnowsItsPid() throws Exception {
        Path log = directory.resolve("log");
        ChildProcess child = start("echo $$; exec sleep 1000");
        try (child) {
            child.await(() -> has(log, child.pid() + "\n"), LONG);
            assertThat(child.isAlive()).isTrue();
        }
        assertThat(child.isAlive()).isFalse();
        assertThat(alive(child.pid())).isFalse();
    }

    @Test
    void killsAProgramThatIgnoresTheRequestToEnd() throws Exception {
        ChildProcess child = start("trap '' TERM; echo ready; while :; do sleep 1; done");
        try (child) {
            child.await(() -> has(directory.resolve("log"), "ready"), LONG);
        }
        assertThat(alive(child.pid())).isFalse();
    }

    @Test
    void saysWhyAProgramEnded() throws Exception {
        try (ChildProcess child = start("echo out of luck >&2; exit 3")) {
            assertThatThrownBy(() -> child.await(() -> false, LONG))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("The program ended with status 3")
                    .hasMessageEndingWith("out of luck");
        }
    }

    @Test
    void saysThatAProgramWasNotReadyInTime() throws Exception {
        try (ChildProcess child = start("exec sleep 1000")) {
            assertThatThrownBy(() -> child.await(() -> false, Duration.ZERO)).hasMessageContaining("was not ready");
        }
    }

    @Test
    void endsWhenItsJvmIsKilled() throws Exception {
        Process jvm = new ProcessBuilder(parent())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long pid;
        try (var said = reader(jvm)) {
            pid = Long.parseLong(said.readLine());
        }
        ProcessHandle child = ProcessHandle.of(pid).orElseThrow();
        jvm.destroyForcibly();
        child.onExit().get(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(alive(pid)).isFalse();
    }

    /** What {@code timeout} does, and a service manager: JVM and shells are signalled at once. */
    @Test
    void endsWhenItsWholeProcessGroupIsTerminated() throws Exception {
        String ownGroup = "command -v setsid >/dev/null && exec setsid \"$@\";"
                + " exec perl -e 'setpgrp(0, 0); exec @ARGV' \"$@\"";
        List<String> command = new ArrayList<>(List.of("sh", "-c", ownGroup, "sh"));
        command.addAll(parent());
        Process jvm = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var said = reader(jvm)) {
            ProcessHandle child =
                    ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
            Process kill = new ProcessBuilder("sh", "-c", "kill -TERM -" + jvm.pid()).start();
            assertThat(kill.waitFor()).isZero();
            child.onExit().get(LONG.toSeconds(), TimeUnit.SECONDS);
            assertThat(child.isAlive()).isFalse();
        }
    }

    private List<String> parent() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                directory.toString());
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** A JVM with a child process, to be killed. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] args) throws Exception {
            Path directory = Path.of(args[0]);
            ChildProcess child = ChildProcess.start(
                    "program", directory, directory.resolve("log"), List.of("sh", "-c", "exec sleep 1000"));
            System.out.println(child.pid());
            System.in.read();
        }
    }

    private ChildProcess start(String script) throws IOException {
        return ChildProcess.start("program", directory, directory.resolve("log"), List.of("sh", "-c", script));
    }

    private static boolean alive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private static boolean has(Path log, String text) {
        try {
            return Files.readString(log).contains(text);
        } catch (IOException e) {
            return false;
        }
    }
}
