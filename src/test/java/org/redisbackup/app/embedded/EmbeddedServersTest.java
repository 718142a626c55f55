package org.redisbackup.app.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

class EmbeddedServersTest {
    private static final String INSTANCE = "redisbackup.instances." + EmbeddedServers.DEMO_INSTANCE;

    /** Points everything elsewhere but the state. */
    private static final Map<String, String> STATE_ONLY =
            Map.of(INSTANCE + ".url", "redis://example.org", "camel.component.aws2-s3.access-key", "key");

    @TempDir
    Path data;

    @Test
    void startsWhatNoPropertyPointsElsewhere() throws Exception {
        try (EmbeddedServers servers = EmbeddedServers.start(data, name -> null)) {
            Map<String, String> properties = servers.properties();
            assertThat(properties)
                    .containsKeys("redisbackup.state", INSTANCE + ".url")
                    .containsEntry(INSTANCE + ".name", "demo-target")
                    .containsEntry(INSTANCE + ".mode", "standalone")
                    .containsEntry("redisbackup.buckets.allow", EmbeddedServers.DEMO_BUCKET)
                    .containsEntry("camel.component.aws2-s3.forcePathStyle", "true");
            assertThat(servers.canDemonstrate()).isTrue();
            try (Jedis target = new Jedis(servers.targetUrl())) {
                assertThat(target.ping()).isEqualTo("PONG");
            }
        }
        assertThat(pidFiles()).isEmpty();
    }

    @Test
    void leavesAloneWhatIsElsewhere() throws Exception {
        try (EmbeddedServers servers = EmbeddedServers.start(data, STATE_ONLY::get)) {
            assertThat(servers.properties()).containsOnlyKeys("redisbackup.state");
            assertThat(servers.canDemonstrate()).isFalse();
        }
    }

    @Test
    void keepsTheStateOverARestart() throws Exception {
        try (EmbeddedServers servers = EmbeddedServers.start(data, STATE_ONLY::get);
                Jedis state = state(servers)) {
            state.set("task", "1");
        }
        try (EmbeddedServers servers = EmbeddedServers.start(data, STATE_ONLY::get);
                Jedis state = state(servers)) {
            assertThat(state.get("task")).isEqualTo("1");
        }
    }

    @Test
    void refusesASecondStartInTheSameFolder() throws Exception {
        try (EmbeddedServers servers = EmbeddedServers.start(data, STATE_ONLY::get)) {
            assertThatThrownBy(() -> EmbeddedServers.start(data, STATE_ONLY::get))
                    .isInstanceOf(IOException.class)
                    .hasMessage("The folder " + data + " is in use by process "
                            + ProcessHandle.current().pid()
                            + ": stop that one first, or start this one in another folder.");
            try (Jedis state = state(servers)) {
                assertThat(state.ping()).isEqualTo("PONG");
            }
        }
    }

    @Test
    void leavesNothingRunningWhenAServerDoesNotComeUp() throws Exception {
        Files.writeString(data.resolve("target"), "a file where the target's folder should be");
        assertThatThrownBy(() -> EmbeddedServers.start(data, name -> null)).isInstanceOf(IOException.class);
        assertThat(pidFiles()).isEmpty();
        DataFolder.lock(data).close();
        String log = Files.readString(data.resolve("state/redis.log"));
        assertThat(log).contains("Redis is now ready to exit");
    }

    @Test
    void endsWhatAKilledRunLeftBehind() throws Exception {
        Process leftover = new ProcessBuilder("sleep", "1000").start();
        new PidFile(data.resolve("state.pid")).write(leftover.pid());
        try (EmbeddedServers servers = EmbeddedServers.start(data, STATE_ONLY::get)) {
            assertThat(leftover.isAlive()).isFalse();
            assertThat(servers.properties()).isNotEmpty();
        }
    }

    @Test
    void sparesAnotherProcessThatHasThePidNow() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "1000").start();
        try {
            Files.writeString(data.resolve("state.pid"), stranger.pid() + " 2020-01-01T00:00:00Z");
            EmbeddedServers.start(data, STATE_ONLY::get).close();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroy();
        }
    }

    private static Jedis state(EmbeddedServers servers) {
        return new Jedis(servers.properties().get("redisbackup.state"));
    }

    private List<Path> pidFiles() throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            return files.filter(file -> file.toString().endsWith(".pid")).toList();
        }
    }
}
