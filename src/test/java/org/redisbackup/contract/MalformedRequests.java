package org.redisbackup.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;

/** Makes requests out of the OpenAPI document, most of them wrong in some way. One seed makes one request. */
final class MalformedRequests {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_DEPTH = 6;

    private final Random random;
    private final List<String> ids;

    /**
     * A request.
     *
     * @param latin1 a character for each byte
     * @param wellFormed whether it is HTTP that has to be answered
     */
    record Made(String latin1, boolean wellFormed, boolean head) {
        byte[] bytes() {
            return latin1.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** @param ids that are known to the service, or nearly */
    MalformedRequests(long seed, List<String> ids) {
        random = new Random(seed);
        this.ids = ids;
    }

    Made request() {
        OpenApiContract.Operation operation = pick(OpenApiContract.all());
        String method = oneIn(20)
                ? pick(List.of("HEAD", "OPTIONS", "TRACE", "PATCH", "get", "BREW", "PROPFIND"))
                : operation.method();
        String target = path(operation) + query(operation);
        byte[] body = hasBody(operation)
                ? body(operation)
                : oneIn(10) ? text().getBytes(StandardCharsets.UTF_8) : new byte[0];
        boolean head = method.equals("HEAD");
        return oneIn(6)
                ? misframed(method, target, body)
                : new Made(framed(method, target, body).toString(StandardCharsets.ISO_8859_1), true, head);
    }

    private String path(OpenApiContract.Operation operation) {
        String path = operation.path().replace("{project_id}", oneIn(15) ? segment() : RunningService.PROJECT);
        while (path.contains("{")) {
            path = path.replaceFirst("\\{[^}]+}", Matcher.quoteReplacement(oneIn(3) ? segment() : pick(ids)));
        }
        return switch (random.nextInt(12)) {
            case 0 -> "/" + path;
            case 1 -> path + "/";
            case 2 -> path.replaceFirst("/migration", "/./migration");
            case 3 -> path.replaceFirst("v2", "%76%32");
            case 4 -> path + "%2Fx";
            default -> path;
        };
    }

    private String segment() {
        return pick(List.of(
                "%00",
                "%zz",
                "%",
                "%C3%28",
                "..",
                ".",
                "%2e%2e",
                "a%2Fb",
                "{task_id}",
                "${bean:x}",
                "*",
                "'",
                "%0d%0aX-A:b",
                "x".repeat(300),
                "batch-stop",
                "delete",
                URLEncoder.encode(text(), StandardCharsets.UTF_8)));
    }

    private String query(OpenApiContract.Operation operation) {
        StringBuilder query = new StringBuilder();
        for (JsonNode parameter : operation.description().path("parameters")) {
            String name = parameter.has("name") ? parameter.get("name").asText() : pick(List.of("offset", "limit"));
            if (oneIn(2)) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(name)
                        .append(oneIn(12) ? "" : "=")
                        .append(value());
            }
        }
        return oneIn(30) ? query + (query.isEmpty() ? "?" : "&") + "&&=&%=%" : query.toString();
    }

    private String value() {
        return pick(List.of(
                "",
                "0",
                "-1",
                "1",
                "1000",
                "1001",
                "2147483647",
                "2147483648",
                "99999999999999999999",
                "1e3",
                "0x1",
                "true",
                "INFO",
                "ERROR",
                "20240101000000",
                "20240230000000",
                "%F0%9F%98%80",
                "%ff",
                "%",
                "a+b",
                "x".repeat(2000),
                URLEncoder.encode(text(), StandardCharsets.UTF_8)));
    }

    private static boolean hasBody(OpenApiContract.Operation operation) {
        return operation.description().has("requestBody")
                || operation.description().has("x-request-body");
    }

    private byte[] body(OpenApiContract.Operation operation) {
        JsonNode declared = operation.description().has("requestBody")
                ? operation.description().get("requestBody")
                : operation.description().get("x-request-body");
        JsonNode value = value(resolve(declared.at("/content/application~1json/schema")), 0);
        byte[] bytes = value.toString().getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(16)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 1 -> flipped(bytes);
            case 2 -> "null".getBytes(StandardCharsets.UTF_8);
            case 3 -> "[".repeat(1 + random.nextInt(100_000)).getBytes(StandardCharsets.UTF_8);
            case 4 -> ("{\"a\":".repeat(1 + random.nextInt(5000)) + "1").getBytes(StandardCharsets.UTF_8);
            case 5 -> ("\ufeff" + value).getBytes(StandardCharsets.UTF_8);
            case 6 -> value.toString().getBytes(StandardCharsets.UTF_16);
            case 7 -> (value + " " + value).getBytes(StandardCharsets.UTF_8);
            case 8 -> ("{\"task_name\":1" + "0".repeat(random.nextInt(3000)) + "}").getBytes(StandardCharsets.UTF_8);
            case 9 ->
                "{\"task_name\":\"\\ud800\",\"task_id_list\":[\"\\u0000\"],\"migration_tasks\":[\"\\udfff\"]}"
                        .getBytes(StandardCharsets.UTF_8);
            default -> bytes;
        };
    }

    private byte[] flipped(byte[] bytes) {
        byte[] changed = bytes.clone();
        for (int i = 0; i < 3 && changed.length > 0; i++) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return changed;
    }

    private static JsonNode resolve(JsonNode schema) {
        return schema.has("$ref")
                ? OpenApiContract.document().at(schema.get("$ref").asText().substring(1))
                : schema;
    }

    /** Something of the schema's type, or, now and then, of another. */
    private JsonNode value(JsonNode declared, int depth) {
        JsonNode schema = resolve(declared);
        if (depth > 0 && oneIn(12)) {
            return pick(List.of(
                    NODES.nullNode(),
                    NODES.numberNode(7),
                    NODES.numberNode(1e300),
                    NODES.booleanNode(true),
                    NODES.textNode(""),
                    NODES.arrayNode().add(1),
                    NODES.objectNode().put("a", 1),
                    NODES.numberNode(Long.MIN_VALUE)));
        }
        return switch (depth > MAX_DEPTH ? "string" : schema.path("type").asText("string")) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, depth);
            case "integer" -> NODES.numberNode(pick(List.of(-1L, 0L, 299L, 300L, 86_400L, 86_401L, Long.MAX_VALUE)));
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            default -> string(schema);
        };
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = JSON.createObjectNode();
        schema.path("properties").properties().forEach(property -> {
            if (!oneIn(8)) {
                object.set(property.getKey(), value(property.getValue(), depth + 1));
            }
        });
        if (oneIn(5)) {
            object.put(text(), text());
        }
        return object;
    }

    private ArrayNode array(JsonNode schema, int depth) {
        ArrayNode array = JSON.createArrayNode();
        int size = pick(List.of(0, 1, 1, 1, 2, 50, 51));
        for (int i = 0; i < size; i++) {
            array.add(value(schema.get("items"), depth + 1));
        }
        return array;
    }

    private JsonNode string(JsonNode schema) {
        if (schema.has("enum") && !oneIn(6)) {
            return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
        }
        int max = schema.path("maxLength").asInt(64);
        return NODES.textNode(pick(List.of(
                pick(ids),
                "test-import",
                "bucket-x",
                text(),
                "x".repeat(max),
                "x".repeat(max + 1),
                "\u0000",
                "\ud83d\ude00".repeat(20),
                "../../etc",
                "http://127.0.0.1/",
                "127.0.0.1:6379",
                "a\r\nX: y")));
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        random.ints(random.nextInt(12), 1, 0x11000)
                .filter(c -> !Character.isSurrogate((char) c) || c > 0xffff)
                .forEach(text::appendCodePoint);
        return text.toString();
    }

    private ByteArrayOutputStream framed(String method, String target, byte[] body) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        line(request, method + " " + target + " HTTP/1.1");
        line(request, "Host: localhost");
        line(request, "Connection: close");
        if (!oneIn(40)) {
            line(request, "X-Auth-Token: " + RunningService.ADMIN);
        }
        if (!oneIn(5)) {
            line(
                    request,
                    "Content-Type: "
                            + pick(List.of(
                                    "application/json",
                                    "application/json;charset=UTF-8",
                                    "text/plain",
                                    "",
                                    "x",
                                    "application/x-www-form-urlencoded",
                                    "multipart/form-data; boundary=x",
                                    "multipart/form-data",
                                    "application/json; charset=utf-99")));
        }
        if (oneIn(10)) {
            line(
                    request,
                    pick(List.of(
                            "Accept: text/html",
                            "Expect: 100-continue",
                            "X-Forwarded-For: " + "1".repeat(1000),
                            "Cookie: a=b; $x",
                            "X-Project-Id: " + RunningService.PROJECT,
                            "Accept-Encoding: br;q=x",
                            "Range: bytes=0-",
                            "Upgrade: websocket",
                            "Content-Encoding: gzip")));
        }
        if (oneIn(3)) {
            chunked(request, body);
        } else {
            line(request, "Content-Length: " + body.length);
            line(request, "");
            request.writeBytes(body);
        }
        return request;
    }

    private void chunked(ByteArrayOutputStream request, byte[] body) {
        line(request, "Transfer-Encoding: chunked");
        line(request, "");
        for (int at = 0; at < body.length; ) {
            int size = Math.min(body.length - at, 1 + random.nextInt(1000));
            line(request, Integer.toHexString(size));
            request.write(body, at, size);
            line(request, "");
            at += size;
        }
        line(request, "0");
        line(request, "");
    }

    /** What may be answered or cut off, as the server likes. */
    private Made misframed(String method, String target, byte[] body) {
        String head = method + " " + target + " HTTP/1.1\r\nHost: a\r\nX-Auth-Token: " + RunningService.ADMIN + "\r\n";
        String request =
                switch (random.nextInt(12)) {
                    case 0 -> head + "Content-Length: " + (body.length + 10) + "\r\n\r\n{}";
                    case 1 -> head + "Content-Length: -1\r\n\r\n{}";
                    case 2 -> head + "Content-Length: 99999999999999999999\r\n\r\n{}";
                    case 3 -> head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n";
                    case 4 -> head + "Transfer-Encoding: chunked\r\n\r\n5\r\n{}";
                    case 5 -> head + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
                    case 6 -> head + "no colon\r\nContent-Length: 2\r\n\r\n{}";
                    case 7 -> method + " " + target + "\r\n\r\n";
                    case 8 -> method + " " + target + " HTTP/9.9\r\n\r\n";
                    case 9 -> text() + "\r\n\r\n";
                    case 10 -> head.substring(0, random.nextInt(head.length()));
                    default -> head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}" + head + "\r\n";
                };
        return new Made(
                new String(request.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1),
                false,
                method.equals("HEAD"));
    }

    private static void line(ByteArrayOutputStream request, String line) {
        request.writeBytes((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
