package org.redisbackup.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.redisbackup.api.auth.AccessControl;
import org.redisbackup.api.auth.RequestHead;

class SettingsTest {
    private static final String INSTANCE = "redisbackup.instances.d2c8399f-bdba-43c1-8069-3ff17a1a79d5";

    @TempDir
    private Path folder;

    @Test
    void systemPropertiesWinOverTheEnvironmentAndThatOverTheFile() throws IOException {
        Path file = Files.writeString(
                folder.resolve("application.properties"),
                """
                redisbackup.state=file
                redisbackup.auth=file
                camel.server.port=1
                camel.component.aws2-s3.accessKey=file
                """);
        Properties system = new Properties();
        system.setProperty("redisbackup.state", "system");
        system.setProperty("java.version", "17");
        Settings settings = Settings.load(
                file,
                Map.of(
                        "REDISBACKUP_STATE", "environment",
                        "REDISBACKUP_AUTH", "environment",
                        "CAMEL_COMPONENT_AWS2_S3_ACCESSKEY", "environment",
                        "PATH", "elsewhere"),
                system);
        assertThat(settings.asProperties())
                .containsOnly(
                        Map.entry("redisbackup.state", "system"),
                        Map.entry("redisbackup.auth", "environment"),
                        Map.entry("camel.server.port", "1"),
                        Map.entry("camel.component.aws2-s3.accessKey", "environment"));
    }

    @Test
    void theEnvironmentCanNameMembersOfGroups() throws IOException {
        Settings settings = Settings.load(
                folder.resolve("missing"),
                Map.of(
                        "REDISBACKUP_INSTANCES_D2C8399F_BDBA_43C1_8069_3FF17A1A79D5_URL", "redis://a",
                        "REDISBACKUP_AUTH_TOKENS_CI_TOKEN", "secret",
                        "REDISBACKUP_AUTH_KEYS_NIGHT_SHIFT_SECRET", "key",
                        "REDISBACKUP_AUTH_KEYSTONE_ADMIN_ROLES", "admin",
                        "REDISBACKUP_AUTH_KEYSTONE_URL", "http://identity",
                        "REDISBACKUP_BUCKETS_ALLOW", "a, b",
                        "REDISBACKUP_FILES_PARALLEL", "3"),
                new Properties());
        assertThat(settings.get(INSTANCE + ".url")).isEqualTo("redis://a");
        assertThat(settings.group("redisbackup.auth.tokens")).isEqualTo(Map.of("ci", Map.of("token", "secret")));
        assertThat(settings.get("redisbackup.auth.keys.night-shift.secret")).isEqualTo("key");
        assertThat(settings.get("redisbackup.auth.keystone.admin-roles")).isEqualTo("admin");
        assertThat(settings.get("redisbackup.auth.keystone.url")).isEqualTo("http://identity");
        assertThat(settings.list("redisbackup.buckets.allow")).containsExactly("a", "b");
        assertThat(settings.number("redisbackup.files.parallel", 2, 1)).isEqualTo(3);
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> Settings.of(Map.of()).require("redisbackup.state"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("The property redisbackup.state is missing: set it in application.properties, as"
                        + " -Dredisbackup.state=... or as the variable REDISBACKUP_STATE.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redisbackup.instances.demo.url | redis://a | redisbackup.instances.demo: requests name an instance by a"
                        + " UUID, so its id must be one.",
                INSTANCE + ".name | x | The property " + INSTANCE + ".url is missing",
                INSTANCE + ".url | http://:secret@a | " + INSTANCE + ".url: not a Redis URL; expected"
                        + " redis://[[user:]password@]host[:port], or rediss:// for TLS, and no path;",
                "redisbackup.auth | open | redisbackup.auth is \"none\", or one or several of \"token\", \"signature\" and"
                        + " \"keystone\", not \"open\".",
                "redisbackup.auth | token,none | redisbackup.auth is \"none\", or one or several of",
                "redisbackup.auth | signature | redisbackup.auth names \"signature\", but there is no"
                        + " redisbackup.auth.keys.<name>.access.",
                "redisbackup.auth | keystone | The property redisbackup.auth.keystone.url is missing",
                "redisbackup.auth.failures-per-address | -1 | The property redisbackup.auth.failures-per-address is a number",
                "redisbackup.auth | none | redisbackup.auth=none lets everybody in",
                "redisbackup.auth.tokens.ci.token | x | redisbackup.auth.tokens.ci.projects: expected project ids",
                "redisbackup.auth.tokens.ci.projects | * | The property redisbackup.auth.tokens.ci.token is missing",
                "redisbackup.schedules.nightly.cron | x | The property redisbackup.schedules.nightly.bucket is missing"
            })
    void whatIsWrongIsNamed(String property, String value, String problem) {
        Settings settings = Settings.of(Map.of(property, value));
        Configured configured = new Configured(settings);
        assertThatThrownBy(() -> {
                    new ConfiguredSchedules(settings, configured.instances()).schedules();
                    new ConfiguredAccess(settings).access(false);
                })
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(problem)
                .hasMessageNotContaining("secret");
    }

    @Test
    void theEnvironmentCanNameFieldsOfSeveralWords() throws IOException {
        Settings settings = Settings.load(
                folder.resolve("missing"),
                Map.of(
                        "REDISBACKUP_SCHEDULES_NIGHT_SHIFT_TIME_ZONE", "Europe/Berlin",
                        "REDISBACKUP_SCHEDULES_NIGHT_SHIFT_IMPORT_OPTIONS_CONFLICT_POLICY", "skip",
                        "REDISBACKUP_INSTANCES_D2C8399F_BDBA_TLS_CA_CERTIFICATE", "ca.crt",
                        "REDISBACKUP_INSTANCES_D2C8399F_BDBA_TLS_VERIFY_HOSTNAME", "false"),
                new Properties());
        assertThat(settings.asProperties())
                .containsOnly(
                        Map.entry("redisbackup.schedules.night-shift.time-zone", "Europe/Berlin"),
                        Map.entry("redisbackup.schedules.night-shift.import-options.conflict_policy", "skip"),
                        Map.entry("redisbackup.instances.d2c8399f-bdba.tls.ca-certificate", "ca.crt"),
                        Map.entry("redisbackup.instances.d2c8399f-bdba.tls.verify-hostname", "false"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cron | at noon | .cron: expected a Quartz expression such as \"0 30 2 * * ?\", or \"event\", not \"at noon\".",
                "cron | event | The property redisbackup.events.queue is missing",
                "time-zone | Mars | .time-zone: expected the name of a time zone such as Europe/Berlin, not \"Mars\".",
                "pattern | dump-{yyyy-mm-dd} | .pattern: a date has d without all of yM (M is the month, m the minute).",
                "pattern | dump-{stamp} | .pattern: {stamp} is neither {set} nor {shard} nor a date such as {yyyy-MM-dd}",
                "pattern | dump-{yyyy | .pattern: a brace is not closed, or not opened.",
                "select | oldest | .select: expected one of newest, all-new, newest-shard-set.",
                "select | newest-shard-set | .shards: expected how many files make a backup, 2 to 1000.",
                "shards | 3 | .shards: they belong to newest-shard-set.",
                "shards | three | The property redisbackup.schedules.nightly.shards is a number",
                "method | full | .method: expected one of full_amount_migration, incremental_migration.",
                "import-options.conflict_policy | never | .import-options: conflict_policy is one of",
                "import-options.speed | 9 | .import-options: there is no option speed; there are",
                "import-options.incremental | all | .import-options: incremental is one of [files, keys]",
                "jitter | 4000 | .jitter: expected seconds from 0 to 3600.",
                "missed | cry | .missed: expected one of skip, run-once.",
                "overlap | allow | .overlap: expected one of forbid, queue.",
                "target | 1 | .target: there is no redisbackup.instances.1.url.",
                "timezone | UTC | : there is no timezone of a schedule; there are bucket, cron, jitter, method,"
            })
    void whatIsWrongWithAScheduleIsNamed(String field, String value, String problem) {
        String prefix = "redisbackup.schedules.nightly.";
        Map<String, String> properties = new HashMap<>(Map.of(
                INSTANCE + ".url", "redis://a",
                prefix + "cron", "0 30 2 * * ?",
                prefix + "bucket", "b",
                prefix + "prefix", "p",
                prefix + "target", INSTANCE.substring("redisbackup.instances.".length()),
                prefix + "project", "0".repeat(32)));
        properties.put(prefix + field, value);
        Settings settings = Settings.of(properties);
        ConfiguredSchedules schedules = new ConfiguredSchedules(settings, new Configured(settings).instances());
        assertThatThrownBy(schedules::schedules)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(
                        problem.startsWith("The") ? problem : "redisbackup.schedules.nightly" + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "signature | keys.ci.access | a/b | redisbackup.auth.keys.ci.access: it may not contain ',', '/', '=' or"
                        + " spaces.",
                "signature | keys.ci.access | a | The property redisbackup.auth.keys.ci.secret is missing",
                "signature | keys.ci.role | owner | The property redisbackup.auth.keys.ci.access is missing",
                "keystone | keystone.url | ftp://identity | redisbackup.auth.keystone.url: expected the address of an"
                        + " Identity API v3, such as https://identity.example.com:5000/v3.",
                "keystone | keystone.url | http://me:secret@identity/v3 | redisbackup.auth.keystone.url: expected",
                "keystone | keystone.url | http://identity/v3?secret | redisbackup.auth.keystone.url: expected",
                "keystone | keystone.url | http://secret with spaces | redisbackup.auth.keystone.url: expected"
            })
    void whatIsWrongWithAMethodIsNamed(String method, String property, String value, String problem) {
        Settings settings = Settings.of(Map.of("redisbackup.auth", method, "redisbackup.auth." + property, value));
        assertThatThrownBy(() -> new ConfiguredAccess(settings).access(false))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(problem)
                .hasMessageNotContaining("secret with")
                .hasMessageNotContaining("me:");
    }

    @Test
    void aServiceUserNeedsAPassword() {
        Settings settings = Settings.of(Map.of(
                "redisbackup.auth", "token, keystone",
                "redisbackup.auth.keystone.url", "https://identity/v3/",
                "redisbackup.auth.keystone.user", "importer"));
        assertThatThrownBy(() -> new ConfiguredAccess(settings).access(false))
                .hasMessageStartingWith("The property redisbackup.auth.keystone.password is missing");
    }

    @Test
    void twoKeysHaveTwoIds() {
        Map<String, String> properties = new HashMap<>(Map.of("redisbackup.auth", "signature"));
        for (String name : List.of("ci", "cd")) {
            properties.put("redisbackup.auth.keys." + name + ".access", "AK");
            properties.put("redisbackup.auth.keys." + name + ".secret", name);
            properties.put("redisbackup.auth.keys." + name + ".projects", "*");
        }
        assertThatThrownBy(() -> new ConfiguredAccess(Settings.of(properties)).access(false))
                .hasMessage("redisbackup.auth.keys.ci.access: another name has the same access key.");
    }

    @Test
    void onlyAServerOfItsOwnMachineMayBeOpen() {
        AccessControl access = new ConfiguredAccess(Settings.of(Map.of("redisbackup.auth", "none"))).access(true);
        String path = "/v2/" + "0".repeat(32) + "/migration-task";
        RequestHead request = new RequestHead("POST", path, path, null, "127.0.0.1", Map.of());
        assertThat(access.decide(access.examine(request), new byte[0])).isCompleted();
    }
}
