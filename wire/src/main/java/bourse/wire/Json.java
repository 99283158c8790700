package bourse.wire;

import bourse.protocol.Malformed;
import bourse.protocol.Pool.Progress;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/// How nouns are written on the wire: records by the names of their components, times in ISO 8601, sealed
/// types with a `kind`. What is read is read strictly: nothing unknown, nothing missing, nothing twice, no
/// value of another type.
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxNumberLength(40)
                            .maxNameLength(100)
                            .build())
                    .build())
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(LogicalType.Textual, config -> {
                config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
            })
            .addModule(new SimpleModule()
                    .addDeserializer(Instant.class, new Text<>(Instant.class, Instant::parse))
                    .addDeserializer(Duration.class, new Text<>(Duration.class, Duration::parse)))
            .addMixIn(Progress.class, Kinds.class)
            .build();

    private static final JsonMapper OWN = new JsonMapper();

    private Json() {}

    /// A time is text: a number, which might be 1e999, is none.
    private static final class Text<T> extends StdDeserializer<T> {
        private final Function<String, T> parse;

        Text(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING) || parser.getStringLength() > 40) {
                throw new Malformed(
                        "a time is text in ISO 8601, such as 2020-02-02T12:00:00Z, or PT60S for its length");
            }
            try {
                return parse.apply(parser.getString());
            } catch (DateTimeException e) {
                throw new Malformed("not a time in ISO 8601: " + parser.getString(), e);
            }
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "fetching", value = Progress.Fetching.class),
        @JsonSubTypes.Type(name = "computing", value = Progress.Computing.class),
        @JsonSubTypes.Type(name = "ran", value = Progress.Ran.class),
        @JsonSubTypes.Type(name = "contributed", value = Progress.Contributed.class),
        @JsonSubTypes.Type(name = "delivered", value = Progress.Delivered.class),
        @JsonSubTypes.Type(name = "gaveUp", value = Progress.GaveUp.class)
    })
    private interface Kinds {}

    /// Whatever JSON it is.
    static JsonNode read(byte[] json) {
        return MAPPER.readTree(json);
    }

    /// A document of this project's own.
    static JsonNode document(InputStream in) {
        return OWN.readTree(in);
    }

    static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /// @throws Malformed if it is not one, by a single letter
    static <T> T read(byte[] json, TypeReference<T> type) {
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new Malformed("this is null, where something is needed");
            }
            return value;
        } catch (JacksonException e) {
            throw new Malformed("this is not the JSON that is needed here: " + why(e), e);
        }
    }

    /// What was wrong, and where; the sentence of the record that refused it, if one did.
    private static String why(JacksonException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Malformed wrong) {
                return String.valueOf(wrong.getMessage());
            }
        }
        var why = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
        return (why.length() <= 300 ? why : why.substring(0, 300) + "…")
                + (e.getPath().isEmpty() ? "" : " (at " + e.getPathReference() + ")");
    }
}
