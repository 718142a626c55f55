package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The backups of instances. */
class BackupsTest {
    @Test
    void backupsThatCannotBeListedAreNoErrorOfTheService() throws Exception {
        Map<String, String> properties = Map.of(
                "redisbackup.instances." + RunningService.INSTANCE + ".backups", "s3://bucket-that-is-not-there/p/");
        try (RunningService service = RunningService.start(properties)) {
            String backups = "/instances/" + RunningService.INSTANCE + "/backups";
            String one = backups + "/" + RunningService.INSTANCE;
            assertRefused(service.send(service.asAdmin(backups)));
            assertRefused(service.send(service.asAdmin(one).DELETE()));
        }
    }

    private static void assertRefused(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.body()).contains("DCS.4026");
        assertThat(response.headers().firstValue("X-Error-Hint").orElseThrow())
                .contains("there is no bucket bucket-that-is-not-there");
    }
}
