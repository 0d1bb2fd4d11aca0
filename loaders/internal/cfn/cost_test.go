package cfn_test

import (
	"bytes"
	"fmt"
	"strconv"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/cfn"
)

// A template of n resources, each of which refers to the next.
func ring(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`Parameters:
  Open: {Type: String}
  Cidrs: {Type: CommaDelimitedList, Default: "10.0.0.0/8,0.0.0.0/0"}
Mappings:
  M:
`)
	for i := range 30 {
		b.WriteString("    r" + strconv.Itoa(i) + ": {a: x" + strconv.Itoa(i) + ", b: same}\n")
	}
	b.WriteString("Conditions:\n  C0: !Equals [!Ref Open, prod]\n")
	for i := range 40 {
		fmt.Fprintf(&b, "  C%d: !And [!Condition C%d, !Condition C%d]\n", i+1, i, i)
	}
	b.WriteString("Resources:\n")
	for i := range n {
		fmt.Fprintf(&b, `  Role%d:
    Type: AWS::IAM::Role
    Condition: C40
    Properties:
      RoleName: !Sub "r${Role%d}"
      Description: !FindInMap [M, !Ref "AWS::Region", b]
      Effect: !If [C40, Allow, !If [C39, Deny, None]]
      Resource: !Sub "${Role%d.Arn}/x/${AWS::Partition}"
      SourceIp: !Ref Cidrs
`, i, i+1, i+1)
	}
	fmt.Fprintf(&b, "  Role%d: {Type: 'AWS::IAM::Role', Properties: {RoleName: end}}\n", n)
	return b.Bytes()
}

// Memory is counted, not time: twice as much template may take twice as much.
func TestLoad_CostGrowsWithTheTemplate(t *testing.T) {
	cost := func(n int) float64 {
		content := ring(n)
		return testing.AllocsPerRun(2, func() {
			if r := cfn.Load(&document.Source{Name: "t", Content: content}, cfn.Options{}); len(r.Documents) != n+1 || len(r.Diagnostics) != 0 {
				t.Fatalf("%d documents, %v", len(r.Documents), r.Diagnostics)
			}
		})
	}
	small, large := cost(60), cost(240)
	if large > 5*small {
		t.Errorf("%.0f allocations for 60 resources, %.0f for 240", small, large)
	}
}

func BenchmarkLoad(b *testing.B) {
	content := ring(300)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		cfn.Load(&document.Source{Name: "t", Content: content}, cfn.Options{})
	}
}
