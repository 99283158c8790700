package bourse.classad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class ParserTest {
    @Test
    void readsAdsOfTheOldFormLineByLine() {
        var ads = Parser.OLD.ads("""
                # a comment
                Memory = 4096
                Requirements = TARGET.Owner =!= "bob"\r
                Path = "C:\\dir\\"\r


                memory = 1
                Memory = 2
                """);

        assertThat(ads).hasSize(2);
        assertThat(ads.getFirst().get("path")).contains(new Expression.Literal(new Value.Text("C:\\dir\\")));
        assertThat(ads.getFirst().get("REQUIREMENTS").orElseThrow()).isInstanceOf(Expression.Binary.class);
        assertThat(ads.getLast()).hasToString("[ memory = 2 ]");
    }

    @Test
    void keepsBackslashesOfTheOldFormButBeforeAQuote() {
        assertThat(Parser.OLD.expression("\"a\\nb\"")).isEqualTo(new Expression.Literal(new Value.Text("a\\nb")));
        assertThat(Parser.OLD.expression("\"say \\\"hi\\\" \""))
                .isEqualTo(new Expression.Literal(new Value.Text("say \"hi\" ")));
        assertThat(Parser.OLD.expression("\"C:\\\"")).isEqualTo(new Expression.Literal(new Value.Text("C:\\")));
    }

    @Test
    void joinsStringsThatStandSideBySide() {
        assertThat(Expression.parse("\"a\" \n \"b\"")).isEqualTo(new Expression.Literal(new Value.Text("ab")));
    }

    @Test
    void readsTextOutsideOfAsciiAsBytes() {
        var text = (Value.Text) Evaluator.NEW.evaluate(Expression.parse("\"é\""), Scope.NONE);
        assertThat(text.size()).isEqualTo(2);
        assertThat(text.unicode()).isEqualTo("é");
        assertThat(Printer.print(text, Form.NEW)).isEqualTo("\"\\303\\251\"");
        assertThat(Printer.print(text, Form.OLD)).isEqualTo("\"é\"");
    }

    @Test
    void overlooksWhatFollowsAConditionalAndNothingElse() {
        assertThat(Expression.parse("true ? 1 : 2 )")).isInstanceOf(Expression.Conditional.class);
        assertThatExceptionOfType(ClassAdException.Syntax.class)
                .isThrownBy(() -> Expression.parse("1 + 2 )"))
                .withMessage("Expected the end and found `)`, at byte 6");
    }

    @Test
    void bindsElvisLikeAPostfix() {
        assertThat(Expression.parse("1 ?: 2 + 3"))
                .isEqualTo(new Expression.Binary(
                        Operator.ADD,
                        new Expression.Binary(
                                Operator.ELVIS,
                                new Expression.Literal(new Value.Int(1)),
                                new Expression.Literal(new Value.Int(2))),
                        new Expression.Literal(new Value.Int(3))));
    }

    @Test
    void readsSeveralAdsOfTheNewForm() {
        assertThat(Parser.NEW.ads("[a = 1] [] [b = {1, [c = 2]}]")).hasSize(3);
    }

    @Test
    void saysWhereATextIsWrong() {
        assertThatExceptionOfType(ClassAdException.Syntax.class)
                .isThrownBy(() -> ClassAd.parse("[a = 1, b = 2]"))
                .withMessage("Expected `;` or `]` and found `,`, at byte 6")
                .extracting(ClassAdException.Syntax::position)
                .isEqualTo(6);
    }

    @Test
    void quotesALongTokenByItsFirstLetters() {
        assertThatExceptionOfType(ClassAdException.Syntax.class)
                .isThrownBy(() -> Expression.parse("1 " + "x".repeat(5000)))
                .withMessageContaining("`" + "x".repeat(40) + "…`")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }
}
