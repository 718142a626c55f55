package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.redisbackup.support.KeystoneServer.project;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisbackup.support.KeystoneServer;

/** Tokens of a real Keystone, validated by themselves and by a service user. */
class KeystoneTest {
    private static final String PASSWORD = "users-Passw0rd";
    private static final String SERVICE_PASSWORD = "service-Passw0rd";

    @TempDir
    private static Path folder;

    private static KeystoneServer keystone;
    private static RunningService service;
    private static RunningService asked;
    private static String mine;
    private static String other;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(KeystoneServer.missing().isEmpty(), () -> KeystoneServer.missing()
                .orElse(""));
        keystone = KeystoneServer.start(folder);
        mine = keystone.createProject("mine");
        other = keystone.createProject("other");
        String user = keystone.createUser("user", PASSWORD);
        keystone.grant(user, "member", "projects/" + mine);
        keystone.grant(user, "member", "projects/" + other);
        keystone.grant(user, "member", "domains/default");
        keystone.grant(keystone.createUser("looker", PASSWORD), "reader", "projects/" + mine);
        keystone.grant(
                keystone.createUser("importer", SERVICE_PASSWORD),
                "admin",
                "projects/" + keystone.createProject("staff"));
        Map<String, String> properties = new HashMap<>(Map.of(
                "redisbackup.auth", "token,keystone",
                "redisbackup.auth.failures-per-address", "0",
                "redisbackup.auth.keystone.url", keystone.uri() + "/"));
        service = RunningService.start(properties);
        properties.put("redisbackup.auth.keystone.reader-roles", "auditor");
        properties.put("redisbackup.auth.keystone.user", "importer");
        properties.put("redisbackup.auth.keystone.password", SERVICE_PASSWORD);
        properties.put("redisbackup.auth.keystone.project", "staff");
        asked = RunningService.start(properties);
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable each : new AutoCloseable[] {asked, service, keystone}) {
            try {
                if (each != null) {
                    each.close();
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    private static RunningService service(String who) {
        return who.equals("service user") ? asked : service;
    }

    @ParameterizedTest
    @ValueSource(strings = {"the token itself", "service user"})
    void aTokenOpensItsProject(String who) throws Exception {
        String token = keystone.token("user", PASSWORD, project("mine"));
        assertThat(get(service(who), mine, token).body()).isEqualTo("{\"count\":0,\"migration_tasks\":[]}");
        assertThat(get(service(who), mine, token).statusCode()).isEqualTo(200);
        assertRefused(get(service(who), other, token), 401, "DCS.1004", "Project ID does not match the token.", null);
        assertRefused(
                post(service(who), mine, token),
                400,
                "DCS.4005",
                "The message body contains invalid characters or is not in JSON format.",
                null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"the token itself", "service user"})
    void anUnknownToken(String who) throws Exception {
        for (String token : new String[] {"wrong", "gAAAAABrBgPl" + "x".repeat(200)}) {
            assertRefused(get(service(who), mine, token), 401, "DCS.1001", "Invalid token.", null);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"the token itself", "service user"})
    void aRevokedToken(String who) throws Exception {
        String token = keystone.token("user", PASSWORD, project("mine"));
        keystone.revoke(token);
        assertRefused(get(service(who), mine, token), 401, "DCS.1001", "Invalid token.", null);
    }

    @Test
    void aReaderMayLookButNotCreate() throws Exception {
        String token = keystone.token("looker", PASSWORD, project("mine"));
        assertThat(get(service, mine, token).statusCode()).isEqualTo(200);
        assertRefused(
                post(service, mine, token),
                403,
                "DCS.3002",
                "This tenant has read permission only and cannot perform this operation.",
                null);
    }

    @Test
    void aRoleThatIsNotConfiguredMayNothing() throws Exception {
        assertRefused(
                get(asked, mine, keystone.token("looker", PASSWORD, project("mine"))),
                403,
                "DCS.2003",
                "This role does not have the permission to perform this operation.",
                "expected one of the roles admin, member or, for reading, auditor");
    }

    @ParameterizedTest
    @ValueSource(strings = {",\"scope\":{\"domain\":{\"id\":\"default\"}}", ",\"scope\":\"unscoped\""})
    void aTokenForNoProject(String scope) throws Exception {
        String detail = "the token is for no project; issue one that is scoped to it";
        String token = keystone.token("user", PASSWORD, scope);
        for (String who : new String[] {"the token itself", "service user"}) {
            assertRefused(
                    get(service(who), mine, token), 401, "DCS.1004", "Project ID does not match the token.", detail);
        }
    }

    /** The body is still on its way while the identity service is asked. */
    @Test
    void theBodyWaitsForTheAnswer() throws Exception {
        byte[] body = "{\"task_name\":\"".concat("x".repeat(500_000)).getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> response = service.send(service.request("/v2/" + mine + "/migration-task")
                .header("X-Auth-Token", keystone.token("user", PASSWORD, project("mine")))
                .POST(BodyPublishers.ofByteArray(body)));
        assertThat(response.body()).contains("DCS.4005");
    }

    @Test
    void tokensOfTheConfigurationAreGoodToo() throws Exception {
        assertThat(service.send(service.asAdmin("/migration-tasks")).statusCode())
                .isEqualTo(200);
    }

    private static HttpResponse<String> get(RunningService service, String project, String token) throws Exception {
        return service.send(
                service.request("/v2/" + project + "/migration-tasks").header("X-Auth-Token", token));
    }

    private static HttpResponse<String> post(RunningService service, String project, String token) throws Exception {
        return service.send(service.request("/v2/" + project + "/migration-task")
                .header("X-Auth-Token", token)
                .POST(BodyPublishers.ofString("{")));
    }

    private static void assertRefused(
            HttpResponse<String> response, int status, String code, String message, String hint) {
        AccessTest.assertError(
                response,
                status,
                "{\"error_code\":\"" + code + "\",\"error_msg\":\"" + message + "\",\"error_ext_msg\":null}");
        AccessTest.assertHint(response, hint);
    }
}
