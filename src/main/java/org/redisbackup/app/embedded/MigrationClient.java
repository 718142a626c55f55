package org.redisbackup.app.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The REST API as a client over the network has it. */
final class MigrationClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final URI project;
    private final String token;

    /**
     * @param project {@code http://host:port/v2/project_id}
     * @param token for {@code X-Auth-Token}
     */
    MigrationClient(URI project, String token) {
        this.project = project;
        this.token = token;
    }

    /** Creates a task from a JSON document and answers its id. */
    String create(String body) throws IOException {
        HttpRequest.Builder request = request("/migration-task")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return send(request).path("id").asText();
    }

    JsonNode show(String id) throws IOException {
        return send(request("/migration-task/" + id));
    }

    JsonNode stats(String id) throws IOException {
        return send(request("/migration-task/" + id + "/stats"));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(project + path))
                .timeout(TIMEOUT)
                .header("X-Auth-Token", token);
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException {
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for an answer of the API");
        }
        if (response.statusCode() != 200) {
            throw new IOException("The API answered " + response.statusCode() + " to "
                    + response.request().method() + " " + response.uri() + ": " + response.body());
        }
        return json.readTree(response.body());
    }
}
