<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source>No contrast-filled aorta was found in this scan</source>
        <translation>In diesem Scan wurde keine kontrastierte Aorta gefunden</translation>
    </message>
    <message>
        <source>Use a scan with contrast in the arteries, or place the ends of the vessel by hand</source>
        <translation>Einen Scan mit Kontrastmittel in den Arterien nehmen oder die Enden des Gefäßes von Hand setzen</translation>
    </message>
    <message>
        <source>This holds nothing about access routes</source>
        <translation>Darin steht nichts über Zugangswege</translation>
    </message>
    <message>
        <source>Give {join}, or an exported plan</source>
        <translation>{join} angeben oder einen exportierten Plan</translation>
    </message>
    <message>
        <source>A route is excluded without words</source>
        <translation>Ein Weg ist ohne Begründung ausgeschlossen</translation>
    </message>
    <message>
        <source>Say why, or give an empty text</source>
        <translation>Sagen, warum, oder einen leeren Text angeben</translation>
    </message>
    <message>
        <source>The ends of {names} are no points</source>
        <translation>Die Enden von {names} sind keine Punkte</translation>
    </message>
    <message>
        <source>Give x, y and z in mm</source>
        <translation>x, y und z in mm angeben</translation>
    </message>
    <message>
        <source>&apos;{key}&apos; is not by route</source>
        <translation>&apos;{key}&apos; ist nicht nach Wegen geordnet</translation>
    </message>
    <message>
        <source>Name the routes: {join}</source>
        <translation>Die Wege nennen: {join}</translation>
    </message>
    <message>
        <source>There is no route &apos;{unknown}&apos;</source>
        <translation>Es gibt keinen Weg &apos;{unknown}&apos;</translation>
    </message>
    <message>
        <source>It is one of: {join}</source>
        <translation>Es ist einer von: {join}</translation>
    </message>
    <message>
        <source>The ends of {names} are not understood</source>
        <translation>Die Enden von {names} sind nicht verständlich</translation>
    </message>
    <message>
        <source>Give from_mm and to_mm in LPS mm</source>
        <translation>from_mm und to_mm in LPS-mm angeben</translation>
    </message>
    <message>
        <source>The route is shorter than 8 mm</source>
        <translation>Der Weg ist kürzer als 8 mm</translation>
    </message>
    <message>
        <source>Move its ends apart</source>
        <translation>Seine Enden auseinanderziehen</translation>
    </message>
    <message>
        <source>The scan ends above the groin: the iliac arteries are not in it.</source>
        <translation>Der Scan endet oberhalb der Leiste: die Beckenarterien sind nicht darin.</translation>
    </message>
    <message>
        <source>closed at 0 mm</source>
        <translation>bei 0 mm verschlossen</translation>
    </message>
    <message>
        <source>Voxels are {thickest} mm; diameters can be off by half a millimetre.</source>
        <translation>Die Voxel haben {thickest} mm; Durchmesser können um einen halben Millimeter abweichen.</translation>
    </message>
    <message>
        <source>not followed for sure; place its ends by hand</source>
        <translation>nicht sicher verfolgt; die Enden von Hand setzen</translation>
    </message>
    <message>
        <source>Choose a sheath</source>
        <translation>Eine Schleuse wählen</translation>
    </message>
    <message>
        <source>Drag a handle · ← → station</source>
        <translation>Einen Griff ziehen · ← → Messstelle</translation>
    </message>
    <message>
        <source>Sheath</source>
        <translation>Schleuse</translation>
    </message>
    <message>
        <source>Why the route is excluded</source>
        <translation>Warum der Weg ausgeschlossen ist</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Exclude</source>
        <translation>Ausschließen</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>Alle zurücksetzen</translation>
    </message>
    <message>
        <source>On the way</source>
        <translation>Auf dem Weg</translation>
    </message>
    <message>
        <source>Add a point</source>
        <translation>Punkt hinzufügen</translation>
    </message>
    <message>
        <source>Another way in</source>
        <translation>Ein anderer Zugang</translation>
    </message>
    <message>
        <source>Other vessel</source>
        <translation>Anderes Gefäß</translation>
    </message>
    <message>
        <source>Reason, Enter</source>
        <translation>Grund, Enter</translation>
    </message>
    <message>
        <source>{rstrip}. Click to place its ends by hand.</source>
        <translation>{rstrip}. Klicken, um die Enden von Hand zu setzen.</translation>
    </message>
    <message>
        <source>Take back in</source>
        <translation>Wieder aufnehmen</translation>
    </message>
    <message>
        <source>Its ends</source>
        <translation>Seine Enden</translation>
    </message>
    <message>
        <source>Place by hand</source>
        <translation>Von Hand setzen</translation>
    </message>
    <message>
        <source>Looking for the arteries from the aorta to both groins. It can be stopped below.</source>
        <translation>Die Arterien von der Aorta bis in beide Leisten werden gesucht. Unten kann es angehalten werden.</translation>
    </message>
    <message>
        <source>Sheath data are not checked</source>
        <translation>Die Schleusendaten sind nicht geprüft</translation>
    </message>
    <message>
        <source>Verify them against the IFU.</source>
        <translation>Mit der Gebrauchsanweisung vergleichen.</translation>
    </message>
    <message>
        <source>Accept route</source>
        <translation>Weg übernehmen</translation>
    </message>
    <message>
        <source>Looking for the arteries</source>
        <translation>Arterien werden gesucht</translation>
    </message>
    <message>
        <source>Find routes</source>
        <translation>Wege suchen</translation>
    </message>
    <message>
        <source>← → station · X other side</source>
        <translation>← → Messstelle · X andere Seite</translation>
    </message>
    <message>
        <source>This route is excluded</source>
        <translation>Dieser Weg ist ausgeschlossen</translation>
    </message>
    <message>
        <source>Find again</source>
        <translation>Neu suchen</translation>
    </message>
    <message>
        <source>Edit contour</source>
        <translation>Kontur bearbeiten</translation>
    </message>
    <message>
        <source>This section was not edited</source>
        <translation>Dieser Querschnitt wurde nicht bearbeitet</translation>
    </message>
    <message>
        <source>Reset section</source>
        <translation>Querschnitt zurücksetzen</translation>
    </message>
    <message>
        <source>not in scan</source>
        <translation>nicht im Scan</translation>
    </message>
    <message>
        <source>The arteries hold little contrast ({lumen_hu} HU): diameters are less sure.</source>
        <translation>Die Arterien enthalten wenig Kontrastmittel ({lumen_hu} HU): Durchmesser sind weniger sicher.</translation>
    </message>
    <message>
        <source>There is no sheath named &apos;{name}&apos;</source>
        <translation>Es gibt keine Schleuse namens &apos;{name}&apos;</translation>
    </message>
    <message>
        <source>The case file is damaged: a block of voxels cannot be unpacked</source>
        <translation>Die Falldatei ist beschädigt: ein Block von Voxeln kann nicht entpackt werden</translation>
    </message>
    <message>
        <source>Open a copy of it</source>
        <translation>Eine Kopie davon öffnen</translation>
    </message>
    <message>
        <source>The case packs voxels in a way unknown to this version ({codec})</source>
        <translation>Der Fall packt Voxel auf eine Art, die diese Version nicht kennt ({codec})</translation>
    </message>
    <message>
        <source>Update Theatrum</source>
        <translation>Theatrum aktualisieren</translation>
    </message>
    <message>
        <source>There is no {kind} named &apos;{name}&apos;</source>
        <translation>Es gibt kein {kind} namens &apos;{name}&apos;</translation>
    </message>
    <message>
        <source>There is no {kind} named &apos;{old}&apos;</source>
        <translation>Es gibt kein {kind} namens &apos;{old}&apos;</translation>
    </message>
    <message>
        <source>A {kind} cannot be called &apos;{new}&apos;</source>
        <translation>Ein {kind} kann nicht &apos;{new}&apos; heißen</translation>
    </message>
    <message>
        <source>Choose a name that is free and not empty</source>
        <translation>Einen Namen wählen, der frei und nicht leer ist</translation>
    </message>
    <message>
        <source>There is a {kind} named &apos;{name}&apos; already</source>
        <translation>Es gibt schon ein {kind} namens &apos;{name}&apos;</translation>
    </message>
    <message>
        <source>Choose another name or remove it first</source>
        <translation>Einen anderen Namen wählen oder es zuerst entfernen</translation>
    </message>
    <message>
        <source>The case holds a step unknown to this version ({op})</source>
        <translation>Der Fall enthält einen Schritt, den diese Version nicht kennt ({op})</translation>
    </message>
    <message>
        <source>Update Theatrum to open it</source>
        <translation>Theatrum aktualisieren, um ihn zu öffnen</translation>
    </message>
    <message>
        <source>The case holds a newer form of a step ({op})</source>
        <translation>Der Fall enthält einen Schritt in neuerer Form ({op})</translation>
    </message>
    <message>
        <source>No model found &apos;{name}&apos;</source>
        <translation>Kein Modell fand &apos;{name}&apos;</translation>
    </message>
    <message>
        <source>It can be used as it is</source>
        <translation>Es kann so verwendet werden</translation>
    </message>
    <message>
        <source>There is nothing to undo</source>
        <translation>Es gibt nichts rückgängig zu machen</translation>
    </message>
    <message>
        <source>There is nothing to redo</source>
        <translation>Es gibt nichts zu wiederholen</translation>
    </message>
    <message>
        <source>There is no image named &apos;{image_name}&apos; with phase {phase}</source>
        <translation>Es gibt kein Bild namens &apos;{image_name}&apos; mit Phase {phase}</translation>
    </message>
    <message>
        <source>It has: {x}</source>
        <translation>Es hat: {x}</translation>
    </message>
    <message>
        <source>There is no structure named &apos;{structure_name}&apos;</source>
        <translation>Es gibt keine Struktur namens &apos;{structure_name}&apos;</translation>
    </message>
    <message>
        <source>Nothing is exported to &apos;{x}&apos;</source>
        <translation>Nach &apos;{x}&apos; wird nichts exportiert</translation>
    </message>
    <message>
        <source>Use one of {join}</source>
        <translation>Eines von {join} nehmen</translation>
    </message>
    <message>
        <source>Leave one</source>
        <translation>Eines weglassen</translation>
    </message>
    <message>
        <source>{name} exists already</source>
        <translation>{name} gibt es schon</translation>
    </message>
    <message>
        <source>Choose another name or use --force</source>
        <translation>Einen anderen Namen wählen oder --force nehmen</translation>
    </message>
    <message>
        <source>The folder of {name} does not exist</source>
        <translation>Den Ordner von {name} gibt es nicht</translation>
    </message>
    <message>
        <source>Make it first</source>
        <translation>Zuerst anlegen</translation>
    </message>
    <message>
        <source>This case has no structures</source>
        <translation>Dieser Fall hat keine Strukturen</translation>
    </message>
    <message>
        <source>Add a label map first: theatrum labels CASE add FILE</source>
        <translation>Zuerst eine Labelkarte hinzufügen: theatrum labels CASE add FILE</translation>
    </message>
    <message>
        <source>A surface needs a structure</source>
        <translation>Eine Oberfläche braucht eine Struktur</translation>
    </message>
    <message>
        <source>Give --structure NAME</source>
        <translation>--structure NAME angeben</translation>
    </message>
    <message>
        <source>There is no such plan</source>
        <translation>Einen solchen Plan gibt es nicht</translation>
    </message>
    <message>
        <source>A plan must be named</source>
        <translation>Ein Plan muss genannt werden</translation>
    </message>
    <message>
        <source>Give --plan NAME. It has: {known}</source>
        <translation>--plan NAME angeben. Es gibt: {known}</translation>
    </message>
    <message>
        <source>The image has several phases; the first one was written.</source>
        <translation>Das Bild hat mehrere Phasen; die erste wurde geschrieben.</translation>
    </message>
    <message>
        <source>Structures overlap in {overlapping} voxels; the later one holds them.</source>
        <translation>Strukturen überlappen in {overlapping} Voxeln; die spätere enthält sie.</translation>
    </message>
    <message>
        <source>{row}: the surface is not one closed solid: it {join}; mend it before it is printed.</source>
        <translation>{row}: die Oberfläche ist kein geschlossener Körper: {join}; vor dem Drucken reparieren.</translation>
    </message>
    <message>
        <source>Parts of a plan are not written to one &apos;{suffix}&apos; file</source>
        <translation>Teile eines Plans werden nicht in eine &apos;{suffix}&apos;-Datei geschrieben</translation>
    </message>
    <message>
        <source>Use one of {join}, or name a folder and --format</source>
        <translation>Eines von {join} nehmen oder einen Ordner und --format nennen</translation>
    </message>
    <message>
        <source>Parts are not written as &apos;{kind}&apos;</source>
        <translation>Teile werden nicht als &apos;{kind}&apos; geschrieben</translation>
    </message>
    <message>
        <source>{name} is a file</source>
        <translation>{name} ist eine Datei</translation>
    </message>
    <message>
        <source>Name a folder</source>
        <translation>Einen Ordner nennen</translation>
    </message>
    <message>
        <source>{row}: the mesh holds {abs} % {x} than its voxels ({row2} ml).</source>
        <translation>{row}: das Netz enthält {abs} % {x} als seine Voxel ({row2} ml).</translation>
    </message>
    <message>
        <source>no click</source>
        <translation>kein Klick</translation>
    </message>
    <message>
        <source>The click lies outside the liver</source>
        <translation>Der Klick liegt außerhalb der Leber</translation>
    </message>
    <message>
        <source>Click into a tumour of the liver</source>
        <translation>In einen Tumor der Leber klicken</translation>
    </message>
    <message>
        <source>No liver was found at the click</source>
        <translation>Beim Klick wurde keine Leber gefunden</translation>
    </message>
    <message>
        <source>Click into plain liver tissue</source>
        <translation>In gesundes Lebergewebe klicken</translation>
    </message>
    <message>
        <source>Nothing was found under the click</source>
        <translation>Unter dem Klick wurde nichts gefunden</translation>
    </message>
    <message>
        <source>Draw a line across the tumour, from rim to rim</source>
        <translation>Eine Linie quer durch den Tumor ziehen, von Rand zu Rand</translation>
    </message>
    <message>
        <source>A mark cannot be &apos;{kind}&apos;</source>
        <translation>Eine Markierung kann nicht &apos;{kind}&apos; sein</translation>
    </message>
    <message>
        <source>It is one of {join}</source>
        <translation>Es ist eines von {join}</translation>
    </message>
    <message>
        <source>Portal and hepatic veins touch {times} and were cut apart there: look at the border, and click on a branch that went to the wrong side</source>
        <translation>Pfortader und Lebervenen berühren sich {times} und wurden dort getrennt: den Rand ansehen und auf einen Ast klicken, der auf die falsche Seite kam</translation>
    </message>
    <message>
        <source>The vessels are only {above_liver_hu} HU brighter than the liver: many will be missing</source>
        <translation>Die Gefäße sind nur {above_liver_hu} HU heller als die Leber: viele werden fehlen</translation>
    </message>
    <message>
        <source>The liver has {mean_hu} HU: this is no portal-venous scan. Vessels and tumours may not be seen; check every border</source>
        <translation>Die Leber hat {mean_hu} HU: das ist kein portalvenöser Scan. Gefäße und Tumoren sind vielleicht nicht zu sehen; jeden Rand prüfen</translation>
    </message>
    <message>
        <source>{volume_ml} ml are {size} for a liver: was the click in the liver?</source>
        <translation>{volume_ml} ml sind {size} für eine Leber: war der Klick in der Leber?</translation>
    </message>
    <message>
        <source>The plan has no cut {number}</source>
        <translation>Der Plan hat keinen Schnitt {number}</translation>
    </message>
    <message>
        <source>It has {len}; they are counted from 1</source>
        <translation>Er hat {len}; gezählt wird ab 1</translation>
    </message>
    <message>
        <source>No guide is made for a resection of the kind &apos;{kind}&apos;</source>
        <translation>Für eine Resektion der Art &apos;{kind}&apos; wird keine Schablone gemacht</translation>
    </message>
    <message>
        <source>Name a cut</source>
        <translation>Einen Schnitt nennen</translation>
    </message>
    <message>
        <source>{name}: of the places looked through {percent} % are thinner than {thin_share} mm where {thickness_mm} are asked; the thinnest hundredth has {percentile} mm: look there before it is printed.</source>
        <translation>{name}: von den durchgesehenen Stellen sind {percent} % dünner als {thin_share} mm, wo {thickness_mm} gefordert sind; das dünnste Hundertstel hat {percentile} mm: vor dem Drucken ansehen.</translation>
    </message>
    <message>
        <source>No guide is made for the resections of this plan</source>
        <translation>Für die Resektionen dieses Plans wird keine Schablone gemacht</translation>
    </message>
    <message>
        <source>Name a plan with a cut</source>
        <translation>Einen Plan mit einem Schnitt nennen</translation>
    </message>
    <message>
        <source>{name}: lifted by {stuck_at_mm} mm it meets the liver.</source>
        <translation>{name}: um {stuck_at_mm} mm angehoben stößt sie an die Leber.</translation>
    </message>
    <message>
        <source>{name}: its inner side comes within {gap_least_mm} mm of the capsule.</source>
        <translation>{name}: ihre Innenseite kommt der Kapsel bis auf {gap_least_mm} mm nahe.</translation>
    </message>
    <message>
        <source>{name}: {x} % of its inner side lies on the capsule.</source>
        <translation>{name}: {x} % ihrer Innenseite liegen auf der Kapsel.</translation>
    </message>
    <message>
        <source>{name}: it follows {covered_mm} of {line_mm} mm of the cut&apos;s line on the capsule ({covered_percent} %); the rest cannot be reached from where it is laid on.</source>
        <translation>{name}: sie folgt {covered_mm} von {line_mm} mm der Schnittlinie auf der Kapsel ({covered_percent} %); der Rest ist von dort, wo sie aufgelegt wird, nicht zu erreichen.</translation>
    </message>
    <message>
        <source>{name} is a folder</source>
        <translation>{name} ist ein Ordner</translation>
    </message>
    <message>
        <source>Name a file for the case</source>
        <translation>Eine Datei für den Fall nennen</translation>
    </message>
    <message>
        <source>Nothing can be written in the folder of {name}</source>
        <translation>Im Ordner von {name} kann nichts geschrieben werden</translation>
    </message>
    <message>
        <source>Choose another folder</source>
        <translation>Einen anderen Ordner wählen</translation>
    </message>
    <message>
        <source>This series is in the case already, as {known}</source>
        <translation>Diese Serie ist schon im Fall, als {known}</translation>
    </message>
    <message>
        <source>Choose another one</source>
        <translation>Eine andere wählen</translation>
    </message>
    <message>
        <source>The first scan is of {one}, this one of {two}. Check that both are of the same person.</source>
        <translation>Der erste Scan ist von {one}, dieser von {two}. Prüfen, ob beide von derselben Person sind.</translation>
    </message>
    <message>
        <source>The scans have different frames of reference: the patient may have moved in between. The overlay goes by their coordinates and is not registered.</source>
        <translation>Die Scans haben verschiedene Bezugssysteme: der Patient kann sich dazwischen bewegt haben. Die Überlagerung folgt ihren Koordinaten und ist nicht registriert.</translation>
    </message>
    <message>
        <source>{name} holds no label</source>
        <translation>{name} enthält kein Label</translation>
    </message>
    <message>
        <source>Check that it belongs to this scan</source>
        <translation>Prüfen, ob es zu diesem Scan gehört</translation>
    </message>
    <message>
        <source>The case has a structure named &apos;{taken}&apos; already</source>
        <translation>Der Fall hat schon eine Struktur namens &apos;{taken}&apos;</translation>
    </message>
    <message>
        <source>Rename or remove it first</source>
        <translation>Zuerst umbenennen oder entfernen</translation>
    </message>
    <message>
        <source>The files do not say whether both scans lie in one frame of reference. The overlay goes by their coordinates and may be off.</source>
        <translation>Die Dateien sagen nicht, ob beide Scans in einem Bezugssystem liegen. Die Überlagerung folgt ihren Koordinaten und kann verschoben sein.</translation>
    </message>
    <message>
        <source>No structure of this case is named as a kidney</source>
        <translation>Keine Struktur dieses Falls ist als Niere benannt</translation>
    </message>
    <message>
        <source>It has: {known}</source>
        <translation>Er hat: {known}</translation>
    </message>
    <message>
        <source>A margin of {margin} mm cannot be used</source>
        <translation>Ein Resektionsrand von {margin} mm kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>Give 0 to {most_margin_mm} mm</source>
        <translation>0 bis {most_margin_mm} mm angeben</translation>
    </message>
    <message>
        <source>The plan &apos;{name}&apos; is a {kind} plan</source>
        <translation>Der Plan &apos;{name}&apos; ist ein {kind}-Plan</translation>
    </message>
    <message>
        <source>Choose a liver plan as the earlier one</source>
        <translation>Als früheren einen Leberplan wählen</translation>
    </message>
    <message>
        <source>A remnant of {remnant_ml} ml cannot be used</source>
        <translation>Ein Rest von {remnant_ml} ml kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>Give {low} to {high} ml</source>
        <translation>{low} bis {high} ml angeben</translation>
    </message>
    <message>
        <source>The later study is not later than the first</source>
        <translation>Die spätere Untersuchung ist nicht später als die erste</translation>
    </message>
    <message>
        <source>Give their dates in order</source>
        <translation>Ihre Daten der Reihe nach angeben</translation>
    </message>
    <message>
        <source>There is no liver plan named &apos;{name}&apos;</source>
        <translation>Es gibt keinen Leberplan namens &apos;{name}&apos;</translation>
    </message>
    <message>
        <source>There is no plan and no case named &apos;{wanted}&apos;</source>
        <translation>Es gibt keinen Plan und keinen Fall namens &apos;{wanted}&apos;</translation>
    </message>
    <message>
        <source>This case has the plans: {known}</source>
        <translation>Dieser Fall hat die Pläne: {known}</translation>
    </message>
    <message>
        <source>{file_name} has no liver plan</source>
        <translation>{file_name} hat keinen Leberplan</translation>
    </message>
    <message>
        <source>Plan the same cut on the earlier study first</source>
        <translation>Zuerst denselben Schnitt an der früheren Untersuchung planen</translation>
    </message>
    <message>
        <source>A plan cannot be compared with itself</source>
        <translation>Ein Plan kann nicht mit sich selbst verglichen werden</translation>
    </message>
    <message>
        <source>Name another plan or case</source>
        <translation>Einen anderen Plan oder Fall nennen</translation>
    </message>
    <message>
        <source>The plan &apos;{wanted}&apos; is a {kind} plan</source>
        <translation>Der Plan &apos;{wanted}&apos; ist ein {kind}-Plan</translation>
    </message>
    <message>
        <source>Choose a liver plan of the other study</source>
        <translation>Einen Leberplan der anderen Untersuchung wählen</translation>
    </message>
    <message>
        <source>The plan &apos;{wanted}&apos; was measured on the same liver, so what differs is the cut and not growth</source>
        <translation>Der Plan &apos;{wanted}&apos; wurde an derselben Leber gemessen; der Unterschied ist also der Schnitt und kein Wachstum</translation>
    </message>
    <message>
        <source>Name the case of the other study, or a plan on its liver</source>
        <translation>Den Fall der anderen Untersuchung nennen oder einen Plan an deren Leber</translation>
    </message>
    <message>
        <source>There are no territories of &apos;{tree}&apos;</source>
        <translation>Es gibt keine Territorien von &apos;{tree}&apos;</translation>
    </message>
    <message>
        <source>From the front</source>
        <translation>Von vorn</translation>
    </message>
    <message>
        <source>From behind</source>
        <translation>Von hinten</translation>
    </message>
    <message>
        <source>From the left</source>
        <translation>Von links</translation>
    </message>
    <message>
        <source>From the right</source>
        <translation>Von rechts</translation>
    </message>
    <message>
        <source>From the head</source>
        <translation>Vom Kopf</translation>
    </message>
    <message>
        <source>From the feet</source>
        <translation>Von den Füßen</translation>
    </message>
    <message>
        <source>Right to left</source>
        <translation>Rechts nach links</translation>
    </message>
    <message>
        <source>Front to back</source>
        <translation>Vorn nach hinten</translation>
    </message>
    <message>
        <source>Feet to head</source>
        <translation>Fuß nach Kopf</translation>
    </message>
    <message>
        <source>Only where a graphics card draws</source>
        <translation>Nur, wo eine Grafikkarte zeichnet</translation>
    </message>
    <message>
        <source>This case has no image</source>
        <translation>Dieser Fall hat kein Bild</translation>
    </message>
    <message>
        <source>Show the image itself</source>
        <translation>Das Bild selbst zeigen</translation>
    </message>
    <message>
        <source>Rays through the scan, together with structures and plan</source>
        <translation>Strahlen durch den Scan, zusammen mit Strukturen und Plan</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Vorlage</translation>
    </message>
    <message>
        <source>Remove my preset</source>
        <translation>Eigene Vorlage entfernen</translation>
    </message>
    <message>
        <source>Value of the chosen point</source>
        <translation>Wert des gewählten Punktes</translation>
    </message>
    <message>
        <source>Opacity of the chosen point for 1 mm</source>
        <translation>Deckkraft des gewählten Punktes auf 1 mm</translation>
    </message>
    <message>
        <source>Take back (Ctrl+Z in the curve)</source>
        <translation>Zurücknehmen (Strg+Z in der Kurve)</translation>
    </message>
    <message>
        <source>Do again (Ctrl+Y in the curve)</source>
        <translation>Wiederholen (Strg+Y in der Kurve)</translation>
    </message>
    <message>
        <source>Remove point (Delete in the curve)</source>
        <translation>Punkt entfernen (Entf in der Kurve)</translation>
    </message>
    <message>
        <source>As the preset has it</source>
        <translation>Wie in der Vorlage</translation>
    </message>
    <message>
        <source>Light and shadow</source>
        <translation>Licht und Schatten</translation>
    </message>
    <message>
        <source>Click a point of the curve to type its value, opacity and colour.</source>
        <translation>Einen Punkt der Kurve anklicken, um seinen Wert, seine Deckkraft und seine Farbe einzugeben.</translation>
    </message>
    <message>
        <source>Shaded by the image&apos;s own slopes</source>
        <translation>Schattiert nach den Grauwertverläufen des Bildes selbst</translation>
    </message>
    <message>
        <source>Presets are for CT. Nothing of this changes the case.</source>
        <translation>Die Vorlagen sind für CT. Nichts davon ändert den Fall.</translation>
    </message>
    <message>
        <source>Choose a point of the curve first</source>
        <translation>Zuerst einen Punkt der Kurve wählen</translation>
    </message>
    <message>
        <source>Colour of the chosen point</source>
        <translation>Farbe des gewählten Punktes</translation>
    </message>
    <message>
        <source>Drawn from every voxel of the scan.</source>
        <translation>Aus jedem Voxel des Scans gezeichnet.</translation>
    </message>
    <message>
        <source>Drawn at {a:.1f} × {b:.1f} × {c:.1f} mm; the scan has {d:.1f} × {e:.1f} × {f:.1f} mm. Slices and numbers use the scan.</source>
        <translation>Mit {a:.1f} × {b:.1f} × {c:.1f} mm gezeichnet; der Scan hat {d:.1f} × {e:.1f} × {f:.1f} mm. Schichten und Zahlen nutzen den Scan.</translation>
    </message>
    <message>
        <source>Crop box</source>
        <translation>Ausschnitt</translation>
    </message>
    <message>
        <source>Handles in 3D</source>
        <translation>Griffe in 3D</translation>
    </message>
    <message>
        <source>Show all of the image</source>
        <translation>Das ganze Bild zeigen</translation>
    </message>
    <message>
        <source>It cuts the image itself: show that first.</source>
        <translation>Sie schneidet das Bild selbst: dieses zuerst zeigen.</translation>
    </message>
    <message>
        <source>{axis}, from</source>
        <translation>{axis}, von</translation>
    </message>
    <message>
        <source>{axis}, to</source>
        <translation>{axis}, bis</translation>
    </message>
    <message>
        <source>Show the image itself first</source>
        <translation>Zuerst das Bild selbst zeigen</translation>
    </message>
    <message>
        <source>Drag the six handles in the 3D view</source>
        <translation>Die sechs Griffe in der 3D-Ansicht ziehen</translation>
    </message>
    <message>
        <source>Clip and surfaces</source>
        <translation>Schnitt und Oberflächen</translation>
    </message>
    <message>
        <source>Clip by a plane</source>
        <translation>An einer Ebene schneiden</translation>
    </message>
    <message>
        <source>Cut the 3D view open by a plane of the plan or of a slice</source>
        <translation>Die 3D-Ansicht an einer Ebene des Plans oder einer Schicht aufschneiden</translation>
    </message>
    <message>
        <source>A wedge, a territory, a zone or a file&apos;s surface has no other side</source>
        <translation>Ein Keil, ein Territorium, eine Zone oder die Oberfläche einer Datei hat keine andere Seite</translation>
    </message>
    <message>
        <source>A plan has at least one cut: add another one first</source>
        <translation>Ein Plan hat mindestens einen Schnitt: zuerst einen weiteren hinzufügen</translation>
    </message>
    <message>
        <source>{name}, stage {stage}</source>
        <translation>{name}, Schritt {stage}</translation>
    </message>
    <message>
        <source>, removes {removed} millilitres</source>
        <translation>, entfernt {removed} Milliliter</translation>
    </message>
    <message>
        <source>, margin {margin} millimetres</source>
        <translation>, Resektionsrand {margin} Millimeter</translation>
    </message>
    <message>
        <source>
Removes {removed} ml alone; {only} ml of it no other removes</source>
        <translation>
Entfernt allein {removed} ml; {only} ml davon entfernt kein anderer</translation>
    </message>
    <message>
        <source>Bend</source>
        <translation>Biegen</translation>
    </message>
    <message>
        <source>Other side</source>
        <translation>Andere Seite</translation>
    </message>
    <message>
        <source>Make this plane a cut that can be bent</source>
        <translation>Diese Ebene zu einem biegsamen Schnitt machen</translation>
    </message>
    <message>
        <source>Do at stage 2</source>
        <translation>In Schritt 2 ausführen</translation>
    </message>
    <message>
        <source>Ask for this resection anew</source>
        <translation>Diese Resektion neu erfragen</translation>
    </message>
    <message>
        <source>Do at stage {other}</source>
        <translation>In Schritt {other} ausführen</translation>
    </message>
    <message>
        <source>Do {name} at stage {other}</source>
        <translation>{name} in Schritt {other} ausführen</translation>
    </message>
    <message>
        <source>Do this at stage {other}; it is at stage {stage} now</source>
        <translation>In Schritt {other} ausführen; jetzt in Schritt {stage}</translation>
    </message>
    <message>
        <source>Remove the other side of this cut</source>
        <translation>Die andere Seite dieses Schnitts entfernen</translation>
    </message>
    <message>
        <source>Take this cut out of the plan</source>
        <translation>Diesen Schnitt aus dem Plan nehmen</translation>
    </message>
    <message>
        <source>Cut structures too</source>
        <translation>Auch Strukturen schneiden</translation>
    </message>
    <message>
        <source>Silhouettes</source>
        <translation>Silhouetten</translation>
    </message>
    <message>
        <source>Dark hollows</source>
        <translation>Dunkle Höhlungen</translation>
    </message>
    <message>
        <source>No clip plane</source>
        <translation>Keine Schnittebene</translation>
    </message>
    <message>
        <source>Choose a clip plane first</source>
        <translation>Zuerst eine Schnittebene wählen</translation>
    </message>
    <message>
        <source>Off: only the image is cut</source>
        <translation>Aus: nur das Bild wird geschnitten</translation>
    </message>
    <message>
        <source>Lines where surfaces turn away; drawn when the view is at rest</source>
        <translation>Linien, wo Oberflächen sich abwenden; gezeichnet, wenn die Ansicht ruht</translation>
    </message>
    <message>
        <source>Less light reaches hollows</source>
        <translation>In Höhlungen fällt weniger Licht</translation>
    </message>
    <message>
        <source>View from</source>
        <translation>Blick von</translation>
    </message>
    <message>
        <source>LAO / RAO</source>
        <translation>LAO / RAO</translation>
    </message>
    <message>
        <source>CRA / CAU</source>
        <translation>CRA / CAU</translation>
    </message>
    <message>
        <source>{words} (Shift+{letter})</source>
        <translation>{words} (Umschalt+{letter})</translation>
    </message>
    <message>
        <source>Picture and film</source>
        <translation>Bild und Film</translation>
    </message>
    <message>
        <source>Size of the picture</source>
        <translation>Größe des Bildes</translation>
    </message>
    <message>
        <source>No background</source>
        <translation>Ohne Hintergrund</translation>
    </message>
    <message>
        <source>The ground is transparent instead of black</source>
        <translation>Der Grund ist durchsichtig statt schwarz</translation>
    </message>
    <message>
        <source>Height of the film</source>
        <translation>Höhe des Films</translation>
    </message>
    <message>
        <source>{height} px high</source>
        <translation>{height} px hoch</translation>
    </message>
    <message>
        <source>Length of the film</source>
        <translation>Länge des Films</translation>
    </message>
    <message>
        <source>{seconds} s a turn</source>
        <translation>{seconds} s je Umdrehung</translation>
    </message>
    <message>
        <source>One turn about the body&apos;s axis, as GIF, WebP or numbered PNG pictures</source>
        <translation>Eine Umdrehung um die Körperachse, als GIF, WebP oder nummerierte PNG-Bilder</translation>
    </message>
    <message>
        <source>Import a CT first</source>
        <translation>Zuerst ein CT importieren</translation>
    </message>
    <message>
        <source>Choose another name for this one</source>
        <translation>Für diesen einen anderen Namen wählen</translation>
    </message>
    <message>
        <source>The whole organ is named as tumour</source>
        <translation>Das ganze Organ ist als Tumor benannt</translation>
    </message>
    <message>
        <source>Name the tumours apart from the organ</source>
        <translation>Die Tumoren getrennt vom Organ benennen</translation>
    </message>
    <message>
        <source>A liver plan needs at least one resection</source>
        <translation>Ein Leberplan braucht mindestens eine Resektion</translation>
    </message>
    <message>
        <source>Give a plane</source>
        <translation>Eine Ebene angeben</translation>
    </message>
    <message>
        <source>There is no structure named &apos;{name}&apos; in this case</source>
        <translation>In diesem Fall gibt es keine Struktur namens &apos;{name}&apos;</translation>
    </message>
    <message>
        <source>The whole organ is named as the {tree} tree</source>
        <translation>Das ganze Organ ist als {tree}-Baum benannt</translation>
    </message>
    <message>
        <source>Name the vessels apart from the organ</source>
        <translation>Die Gefäße getrennt vom Organ benennen</translation>
    </message>
    <message>
        <source>&apos;{shared}&apos; is named under {one} and under {other}</source>
        <translation>&apos;{shared}&apos; ist unter {one} und unter {other} genannt</translation>
    </message>
    <message>
        <source>Name it once</source>
        <translation>Nur einmal nennen</translation>
    </message>
    <message>
        <source>A wedge needs a tumour, and those named are empty or too small to measure</source>
        <translation>Ein Keil braucht einen Tumor, und die genannten sind leer oder zu klein zum Messen</translation>
    </message>
    <message>
        <source>Name others</source>
        <translation>Andere nennen</translation>
    </message>
    <message>
        <source>A wedge needs a tumour and none is named</source>
        <translation>Ein Keil braucht einen Tumor, und keiner ist genannt</translation>
    </message>
    <message>
        <source>Name the tumours</source>
        <translation>Die Tumoren nennen</translation>
    </message>
    <message>
        <source>There is nothing to print in this case</source>
        <translation>In diesem Fall gibt es nichts zu drucken</translation>
    </message>
    <message>
        <source>Segment or import a structure first</source>
        <translation>Zuerst eine Struktur segmentieren oder importieren</translation>
    </message>
    <message>
        <source>There is no plan named &apos;{name}&apos;</source>
        <translation>Es gibt keinen Plan namens &apos;{name}&apos;</translation>
    </message>
    <message>
        <source>Name a liver plan</source>
        <translation>Einen Leberplan nennen</translation>
    </message>
    <message>
        <source>This is the open case itself</source>
        <translation>Das ist der offene Fall selbst</translation>
    </message>
    <message>
        <source>Choose another name</source>
        <translation>Einen anderen Namen wählen</translation>
    </message>
    <message>
        <source>The case file is damaged{x}</source>
        <translation>Die Falldatei ist beschädigt{x}</translation>
    </message>
    <message>
        <source>Use a copy of it</source>
        <translation type="vanished">Eine Kopie davon verwenden</translation>
    </message>
    <message>
        <source>{name} is not there</source>
        <translation>{name} ist nicht da</translation>
    </message>
    <message>
        <source>Check the name of the case</source>
        <translation>Den Namen des Falls prüfen</translation>
    </message>
    <message>
        <source>{name} is a folder, not a case</source>
        <translation>{name} ist ein Ordner, kein Fall</translation>
    </message>
    <message>
        <source>Name a .theatrum file</source>
        <translation>Eine .theatrum-Datei nennen</translation>
    </message>
    <message>
        <source>{name} is not a Theatrum case</source>
        <translation>{name} ist kein Theatrum-Fall</translation>
    </message>
    <message>
        <source>Import a scan into a case first</source>
        <translation>Zuerst einen Scan in einen Fall importieren</translation>
    </message>
    <message>
        <source>{name} is a database of another program</source>
        <translation>{name} ist eine Datenbank eines anderen Programms</translation>
    </message>
    <message>
        <source>This case was made by a newer Theatrum (format {version})</source>
        <translation>Dieser Fall wurde von einem neueren Theatrum gemacht (Format {version})</translation>
    </message>
    <message>
        <source>{name} holds tables that are not a case&apos;s</source>
        <translation>{name} enthält Tabellen, die nicht zu einem Fall gehören</translation>
    </message>
    <message>
        <source>Do not open it; ask where it comes from</source>
        <translation>Nicht öffnen; fragen, woher sie kommt</translation>
    </message>
    <message>
        <source>{name} cannot be read ({strerror})</source>
        <translation>{name} kann nicht gelesen werden ({strerror})</translation>
    </message>
    <message>
        <source>Check its permissions</source>
        <translation>Die Zugriffsrechte prüfen</translation>
    </message>
    <message>
        <source>This case is open in another window</source>
        <translation>Dieser Fall ist in einem anderen Fenster offen</translation>
    </message>
    <message>
        <source>Close it there and try again</source>
        <translation>Dort schließen und noch einmal versuchen</translation>
    </message>
    <message>
        <source>The disk is full. Nothing was lost</source>
        <translation>Der Datenträger ist voll. Nichts ging verloren</translation>
    </message>
    <message>
        <source>Free some space and try again</source>
        <translation>Platz schaffen und noch einmal versuchen</translation>
    </message>
    <message>
        <source>{name} cannot be written</source>
        <translation>{name} kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>Check the permissions of its folder</source>
        <translation>Die Zugriffsrechte des Ordners prüfen</translation>
    </message>
    <message>
        <source>{name} lies where nothing can be written</source>
        <translation>{name} liegt dort, wo nichts geschrieben werden kann</translation>
    </message>
    <message>
        <source>Copy it to another folder, or open it to read</source>
        <translation>In einen anderen Ordner kopieren oder nur zum Lesen öffnen</translation>
    </message>
    <message>
        <source>{name} has unfinished steps in {name2}-wal, which cannot be taken in here</source>
        <translation>{name} hat unfertige Schritte in {name2}-wal, die hier nicht aufgenommen werden können</translation>
    </message>
    <message>
        <source>Copy both files to a folder that can be written</source>
        <translation>Beide Dateien in einen Ordner kopieren, in den geschrieben werden kann</translation>
    </message>
    <message>
        <source>Voxels of type {name} cannot be stored</source>
        <translation>Voxel der Art {name} können nicht gespeichert werden</translation>
    </message>
    <message>
        <source>A block of voxels has shape {shape}, {x} was expected</source>
        <translation>Ein Block von Voxeln hat die Form {shape}, erwartet wurde {x}</translation>
    </message>
    <message>
        <source>Still finding it</source>
        <translation>Wird noch gesucht</translation>
    </message>
    <message>
        <source>not accepted</source>
        <translation>nicht übernommen</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>Markierungen</translation>
    </message>
    <message>
        <source>This</source>
        <translation>Dies</translation>
    </message>
    <message>
        <source>Not this</source>
        <translation>Dies nicht</translation>
    </message>
    <message>
        <source>not this</source>
        <translation>dies nicht</translation>
    </message>
    <message>
        <source>this</source>
        <translation>dies</translation>
    </message>
    <message>
        <source>Start over</source>
        <translation>Neu beginnen</translation>
    </message>
    <message>
        <source>{key} takes back</source>
        <translation>{key} nimmt zurück</translation>
    </message>
    <message>
        <source>Click a portal branch and choose its segment. All beyond it goes with it.</source>
        <translation>Einen Pfortaderast anklicken und sein Segment wählen. Alles jenseits gehört dazu.</translation>
    </message>
    <message>
        <source>Between two segments</source>
        <translation>Zwischen zwei Segmenten</translation>
    </message>
    <message>
        <source>Named by hand</source>
        <translation>Von Hand benannt</translation>
    </message>
    <message>
        <source>Segment of the branch</source>
        <translation>Segment des Astes</translation>
    </message>
    <message>
        <source>This branch is</source>
        <translation>Dieser Ast ist</translation>
    </message>
    <message>
        <source>Delete this name</source>
        <translation>Diesen Namen löschen</translation>
    </message>
    <message>
        <source>Stop naming</source>
        <translation>Benennen beenden</translation>
    </message>
    <message>
        <source>Name a branch</source>
        <translation>Einen Ast benennen</translation>
    </message>
    <message>
        <source>{names}, {value:.0f}{THIN_SPACE}% sure</source>
        <translation>{names}, zu {value:.0f}{THIN_SPACE}% sicher</translation>
    </message>
    <message>
        <source>There is no portal branch here.</source>
        <translation>Hier ist kein Pfortaderast.</translation>
    </message>
    <message>
        <source>Segment {name}</source>
        <translation>Segment {name}</translation>
    </message>
    <message>
        <source>This case is open to read</source>
        <translation>Dieser Fall ist nur zum Lesen offen</translation>
    </message>
    <message>
        <source>Branch {n}</source>
        <translation>Ast {n}</translation>
    </message>
    <message>
        <source>Segment {segment}</source>
        <translation>Segment {segment}</translation>
    </message>
    <message>
        <source>Automatic: {now}</source>
        <translation>Automatisch: {now}</translation>
    </message>
    <message>
        <source>Accept {name}</source>
        <translation>{name} übernehmen</translation>
    </message>
    <message>
        <source>Accept {lower}</source>
        <translation type="vanished">{lower} übernehmen</translation>
    </message>
    <message>
        <source>{name} is in the case already</source>
        <translation>{name} ist schon im Fall</translation>
    </message>
    <message>
        <source>Accepting gives it this shape.</source>
        <translation>Mit dem Übernehmen erhält sie diese Form.</translation>
    </message>
    <message>
        <source>Found in</source>
        <translation>Gefunden in</translation>
    </message>
    <message>
        <source>Clicks</source>
        <translation>Klicks</translation>
    </message>
    <message>
        <source>Stroke</source>
        <translation>Strich</translation>
    </message>
    <message>
        <source>Mark at crosshair</source>
        <translation>Am Fadenkreuz markieren</translation>
    </message>
    <message>
        <source>Ctrl+click: not this</source>
        <translation>Strg+Klick: dies nicht</translation>
    </message>
    <message>
        <source>Enter accepts · Ctrl+Z takes back</source>
        <translation type="vanished">Enter übernimmt · Strg+Z nimmt zurück</translation>
    </message>
    <message>
        <source>Open it for writing to change it</source>
        <translation>Zum Ändern schreibbar öffnen</translation>
    </message>
    <message>
        <source>{written} of {shape} slices were written</source>
        <translation>{written} von {shape} Schichten wurden geschrieben</translation>
    </message>
    <message>
        <source>The series that calcium is scored in is not in the case</source>
        <translation>Die Serie, in der Kalk bewertet wird, ist nicht im Fall</translation>
    </message>
    <message>
        <source>Choose another series</source>
        <translation>Eine andere Serie wählen</translation>
    </message>
    <message>
        <source>The neo-LVOT was not measured: {lower}{what}.</source>
        <translation>Der neue LVOT wurde nicht gemessen: {lower}{what}.</translation>
    </message>
    <message>
        <source>The image has no phase {phase}</source>
        <translation>Das Bild hat keine Phase {phase}</translation>
    </message>
    <message>
        <source>It has {len}, counted from 0</source>
        <translation>Es hat {len}, gezählt ab 0</translation>
    </message>
    <message>
        <source>Place the hinges by hand</source>
        <translation>Die Hinge-Punkte von Hand setzen</translation>
    </message>
    <message>
        <source>Access was not measured.</source>
        <translation>Der Zugang wurde nicht gemessen.</translation>
    </message>
    <message>
        <source>Look at it, then let it be used: theatrum labels CASE accept {name}</source>
        <translation>Ansehen und dann freigeben: theatrum labels CASE accept {name}</translation>
    </message>
    <message>
        <source>The model is not sure of {name} ({word}, {looked}){why}</source>
        <translation>Das Modell ist bei {name} nicht sicher ({word}, {looked}){why}</translation>
    </message>
    <message>
        <source>There is no plan named &apos;{name}&apos; in this case</source>
        <translation>In diesem Fall gibt es keinen Plan namens &apos;{name}&apos;</translation>
    </message>
    <message>
        <source>Compare with a vessel plan</source>
        <translation>Mit einem Gefäßplan vergleichen</translation>
    </message>
    <message>
        <source>{path} holds no vessel plan</source>
        <translation>{path} enthält keinen Gefäßplan</translation>
    </message>
    <message>
        <source>Write one with --json or export</source>
        <translation>Einen mit --json oder export schreiben</translation>
    </message>
    <message>
        <source>{name} has no vessel plan</source>
        <translation>{name} hat keinen Gefäßplan</translation>
    </message>
    <message>
        <source>Measure the vessel in that case first</source>
        <translation>Das Gefäß zuerst in jenem Fall messen</translation>
    </message>
    <message>
        <source>{path} cannot be read as a plan</source>
        <translation>{path} kann nicht als Plan gelesen werden</translation>
    </message>
    <message>
        <source>The two points lie at one place</source>
        <translation>Die beiden Punkte liegen an einer Stelle</translation>
    </message>
    <message>
        <source>Move them apart</source>
        <translation>Auseinanderziehen</translation>
    </message>
    <message>
        <source>The series would need {needed} GB, the limit is {limit} GB</source>
        <translation>Die Serie bräuchte {needed} GB, die Grenze ist {limit} GB</translation>
    </message>
    <message>
        <source>Choose a smaller series</source>
        <translation>Eine kleinere Serie wählen</translation>
    </message>
    <message>
        <source>Too many of these files stop the reader</source>
        <translation>Zu viele dieser Dateien bringen den Leser zum Halten</translation>
    </message>
    <message>
        <source>Ask for a new copy of the scan</source>
        <translation>Um eine neue Kopie des Scans bitten</translation>
    </message>
    <message>
        <source>The pixels of this series cannot be decoded</source>
        <translation>Die Pixel dieser Serie können nicht dekodiert werden</translation>
    </message>
    <message>
        <source>the file is cut off in its pixels</source>
        <translation>die Datei bricht in ihren Pixeln ab</translation>
    </message>
    <message>
        <source>frame of another size</source>
        <translation>Bild anderer Größe</translation>
    </message>
    <message>
        <source>a fragment is cut off</source>
        <translation>ein Stück ist abgeschnitten</translation>
    </message>
    <message>
        <source>its pixels cannot be decoded (transfer syntax {name})</source>
        <translation>ihre Pixel können nicht dekodiert werden (Transfersyntax {name})</translation>
    </message>
    <message>
        <source>frames are missing</source>
        <translation>Bilder fehlen</translation>
    </message>
    <message>
        <source>stream of {columns}×{rows}</source>
        <translation>Strom von {columns}×{rows}</translation>
    </message>
    <message>
        <source>Thick slices: margins will be ± {doubt} mm or worse.</source>
        <translation>Dicke Schichten: Resektionsränder sind auf ± {doubt} mm oder schlechter genau.</translation>
    </message>
    <message>
        <source>{missing} {word} missing, the widest gap lies {offsets} to {offsets2} mm from the first slice.</source>
        <translation>{missing} {word}, die größte Lücke liegt {offsets} bis {offsets2} mm von der ersten Schicht.</translation>
    </message>
    <message>
        <source>Images of several patients are in here. They are listed apart; choose one.</source>
        <translation>Hier sind Bilder mehrerer Patienten. Sie sind getrennt aufgeführt; einen wählen.</translation>
    </message>
    <message>
        <source>{count} {x} of this series cannot be read.</source>
        <translation>{count} {x} dieser Serie können nicht gelesen werden.</translation>
    </message>
    <message>
        <source>The pixels cannot be decoded (transfer syntax {transfer_syntax}).</source>
        <translation>Die Pixel können nicht dekodiert werden (Transfersyntax {transfer_syntax}).</translation>
    </message>
    <message>
        <source>The images carry no orientation; how they lie in the patient is unknown.</source>
        <translation>Die Bilder nennen keine Orientierung; ihre Lage im Patienten ist unbekannt.</translation>
    </message>
    <message>
        <source>The images carry no usable pixel spacing; sizes would be unknown.</source>
        <translation>Die Bilder nennen keinen brauchbaren Pixelabstand; Größen wären unbekannt.</translation>
    </message>
    <message>
        <source>The orientation is not made of unit vectors (lengths {lengths}, {lengths2}).</source>
        <translation>Die Orientierung besteht nicht aus Einheitsvektoren (Längen {lengths}, {lengths2}).</translation>
    </message>
    <message>
        <source>The rows and columns of the images are not perpendicular.</source>
        <translation>Zeilen und Spalten der Bilder stehen nicht senkrecht aufeinander.</translation>
    </message>
    <message>
        <source>The slices are tilted by {angle}°. The volume is straightened; look at the borders.</source>
        <translation>Die Schichten sind um {angle}° geneigt. Das Volumen wurde gerade gestellt; die Ränder ansehen.</translation>
    </message>
    <message>
        <source>The series holds images of different sizes or pixel spacings; they are listed apart.</source>
        <translation>Die Serie enthält Bilder verschiedener Größe oder Pixelabstände; sie sind getrennt aufgeführt.</translation>
    </message>
    <message>
        <source>The series holds images of different orientations; they are listed apart.</source>
        <translation>Die Serie enthält Bilder verschiedener Orientierung; sie sind getrennt aufgeführt.</translation>
    </message>
    <message>
        <source>The images carry no position; where they lie in the patient is unknown.</source>
        <translation>Die Bilder nennen keine Position; ihr Ort im Patienten ist unbekannt.</translation>
    </message>
    <message>
        <source>A localizer (scout) image, not a volume.</source>
        <translation>Ein Übersichtsbild (Scout), kein Volumen.</translation>
    </message>
    <message>
        <source>A single image, not a volume.</source>
        <translation>Ein einzelnes Bild, kein Volumen.</translation>
    </message>
    <message>
        <source>The distance between slices varies from {min} to {max} mm.</source>
        <translation>Der Abstand der Schichten schwankt von {min} bis {max} mm.</translation>
    </message>
    <message>
        <source>Only {count} slices.</source>
        <translation>Nur {count} Schichten.</translation>
    </message>
    <message>
        <source>The slices are shifted against each other by up to {bend} mm without a rule.</source>
        <translation>Die Schichten sind um bis zu {bend} mm regellos gegeneinander verschoben.</translation>
    </message>
    <message>
        <source>The images do not say how their values become Hounsfield units; numbers may be wrong.</source>
        <translation>Die Bilder sagen nicht, wie aus ihren Werten Hounsfield-Einheiten werden; Zahlen können falsch sein.</translation>
    </message>
    <message>
        <source>The images were compressed with loss; edges may be softer than they were.</source>
        <translation>Die Bilder wurden verlustbehaftet komprimiert; Ränder können weicher sein als zuvor.</translation>
    </message>
    <message>
        <source>All {len} images lie at one position; they are no volume.</source>
        <translation>Alle {len} Bilder liegen an einer Position; sie sind kein Volumen.</translation>
    </message>
    <message>
        <source>A single image whose pixels cannot be decoded.</source>
        <translation>Ein einzelnes Bild, dessen Pixel nicht dekodiert werden können.</translation>
    </message>
    <message>
        <source>the file is damaged in its header</source>
        <translation>der Kopf der Datei ist beschädigt</translation>
    </message>
    <message>
        <source>it would unpack to more than {most_inflated_bytes} MB</source>
        <translation>entpackt hätte sie mehr als {most_inflated_bytes} MB</translation>
    </message>
    <message>
        <source>its pixels have {bits_stored} of {bits_allocated} bits</source>
        <translation>ihre Pixel haben {bits_stored} von {bits_allocated} Bit</translation>
    </message>
    <message>
        <source>its highest bit is {high_bit} of {bits_allocated}</source>
        <translation>ihr höchstes Bit ist {high_bit} von {bits_allocated}</translation>
    </message>
    <message>
        <source>it claims {frames} images of {columns}×{rows}, which cannot be</source>
        <translation>sie behauptet {frames} Bilder von {columns}×{rows}, was nicht sein kann</translation>
    </message>
    <message>
        <source>its pixels are shorter than it claims</source>
        <translation>ihre Pixel sind kürzer, als sie behauptet</translation>
    </message>
    <message>
        <source>it claims {frames} images, which cannot be</source>
        <translation>sie behauptet {frames} Bilder, was nicht sein kann</translation>
    </message>
    <message>
        <source>it describes {len} images and claims {frames}</source>
        <translation>sie beschreibt {len} Bilder und behauptet {frames}</translation>
    </message>
    <message>
        <source>the file is empty</source>
        <translation>die Datei ist leer</translation>
    </message>
    <message>
        <source>not a DICOM file{what_else}</source>
        <translation>keine DICOM-Datei{what_else}</translation>
    </message>
    <message>
        <source>not a DICOM file</source>
        <translation>keine DICOM-Datei</translation>
    </message>
    <message>
        <source>the file is cut off before its pixels</source>
        <translation>die Datei bricht vor ihren Pixeln ab</translation>
    </message>
    <message>
        <source>Tortuosity {row}, sharpest bend {row2}°.</source>
        <translation>Schlängelung {row}, stärkste Biegung {row2}°.</translation>
    </message>
    <message>
        <source>Least lumen {least} mm at {least2} mm.</source>
        <translation>Kleinstes Lumen {least} mm bei {least2} mm.</translation>
    </message>
    <message>
        <source>Edited by hand at {join} mm{before}.</source>
        <translation>Von Hand bearbeitet bei {join} mm{before}.</translation>
    </message>
    <message>
        <source>Sheath to artery {ratio} with {name}.</source>
        <translation>Schleuse zu Arterie {ratio} mit {name}.</translation>
    </message>
    <message>
        <source>Calcium up to {calcium}° of the wall.</source>
        <translation>Kalk bis zu {calcium}° der Wand.</translation>
    </message>
    <message>
        <source>Circumferential calcium over {calcium} mm.</source>
        <translation>Umlaufender Kalk über {calcium} mm.</translation>
    </message>
    <message>
        <source>The lumen ends there; what lies beyond was not measured.</source>
        <translation>Das Lumen endet dort; was jenseits liegt, wurde nicht gemessen.</translation>
    </message>
    <message>
        <source>The scan ends above the groin; the rest is not measured.</source>
        <translation>Der Scan endet oberhalb der Leiste; der Rest ist nicht gemessen.</translation>
    </message>
    <message>
        <source>The seeds of &apos;{other}&apos; and &apos;{name}&apos; overlap</source>
        <translation>Die Keime von „{other}“ und „{name}“ überlappen sich</translation>
    </message>
    <message>
        <source>Erase one of them where they do</source>
        <translation>Einen davon löschen, wo sie es tun</translation>
    </message>
    <message>
        <source>This case is open in another window, which is saving</source>
        <translation>Dieser Fall ist in einem anderen Fenster offen, das gerade speichert</translation>
    </message>
    <message>
        <source>Try again in a moment</source>
        <translation>Gleich noch einmal versuchen</translation>
    </message>
    <message>
        <source>Plan {name}: {text}</source>
        <translation>Plan {name}: {text}</translation>
    </message>
    <message>
        <source>These numbers were measured by version {version}; measured again they may differ</source>
        <translation>Diese Werte wurden von Version {version} gemessen; neu gemessen können sie abweichen</translation>
    </message>
    <message>
        <source>These numbers were measured by an earlier state of this version; measured again they may differ</source>
        <translation>Diese Werte wurden von einem früheren Stand dieser Version gemessen; neu gemessen können sie abweichen</translation>
    </message>
    <message>
        <source>These numbers were measured before a change of: {changed}</source>
        <translation>Diese Werte wurden gemessen, bevor sich geändert hat: {changed}</translation>
    </message>
    <message>
        <source>These numbers were measured on what the case has no more: {gone}</source>
        <translation>Diese Werte wurden an etwas gemessen, das der Fall nicht mehr enthält: {gone}</translation>
    </message>
    <message>
        <source>These numbers are told against what another plan has no more: {outdated}</source>
        <translation>Diese Werte beziehen sich auf etwas, das ein anderer Plan nicht mehr hat: {outdated}</translation>
    </message>
    <message>
        <source>This plan was measured in a surface from a file</source>
        <translation>Dieser Plan wurde in einer Oberfläche aus einer Datei gemessen</translation>
    </message>
    <message>
        <source>Measure it again with that file</source>
        <translation>Mit dieser Datei neu messen</translation>
    </message>
    <message>
        <source>nothing in it can be understood (its transfer syntax may be a wrong one)</source>
        <translation>nichts darin ist verständlich (ihre Transfersyntax kann falsch sein)</translation>
    </message>
    <message>
        <source>its sequences are nested too deeply</source>
        <translation>ihre Sequenzen sind zu tief verschachtelt</translation>
    </message>
    <message>
        <source>reading it would need too much memory</source>
        <translation>sie zu lesen bräuchte zu viel Speicher</translation>
    </message>
    <message>
        <source>The series could not be read to its end</source>
        <translation>Die Serie konnte nicht zu Ende gelesen werden</translation>
    </message>
    <message>
        <source>Of {series_count} series the largest was taken:</source>
        <translation>Von {series_count} Serien wurde die größte genommen:</translation>
    </message>
    <message>
        <source>{len} slices are interpolated; a plan that uses them must say so.</source>
        <translation>{len} Schichten sind interpoliert; ein Plan, der sie nutzt, muss das sagen.</translation>
    </message>
    <message>
        <source>{dropped} {x} there twice with the same pixels; one of each is used.</source>
        <translation>{dropped} {x} doppelt mit denselben Pixeln vorhanden; je eines wird genommen.</translation>
    </message>
    <message>
        <source>image is</source>
        <translation>Bild ist</translation>
    </message>
    <message>
        <source>images are</source>
        <translation>Bilder sind</translation>
    </message>
    <message>
        <source>Different images lie at one position; which of them counts is unknown.</source>
        <translation>Verschiedene Bilder liegen an einer Position; welches gilt, ist unbekannt.</translation>
    </message>
    <message>
        <source>There is no series &apos;{series}&apos; here</source>
        <translation>Hier gibt es keine Serie &apos;{series}&apos;</translation>
    </message>
    <message>
        <source>Choose one of the list</source>
        <translation>Eine aus der Liste wählen</translation>
    </message>
    <message>
        <source>This series holds no picture that can be shown</source>
        <translation>Diese Serie enthält kein Bild, das gezeigt werden kann</translation>
    </message>
    <message>
        <source>The picture of this series cannot be read</source>
        <translation>Das Bild dieser Serie kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>{name} cannot be read any more</source>
        <translation>{name} kann nicht mehr gelesen werden</translation>
    </message>
    <message>
        <source>Look at the folder again</source>
        <translation>Den Ordner neu ansehen</translation>
    </message>
    <message>
        <source>, only {len} other files</source>
        <translation>, nur {len} andere Dateien</translation>
    </message>
    <message>
        <source>There is no scan here{reason}</source>
        <translation>Hier ist kein Scan{reason}</translation>
    </message>
    <message>
        <source>Choose the folder with the scan</source>
        <translation>Den Ordner mit dem Scan wählen</translation>
    </message>
    <message>
        <source>{name} is a DICOM file, but no segmentation</source>
        <translation>{name} ist eine DICOM-Datei, aber keine Segmentierung</translation>
    </message>
    <message>
        <source>Name a DICOM SEG file</source>
        <translation type="vanished">Eine DICOM-SEG-Datei nennen</translation>
    </message>
    <message>
        <source>{name} is no label map that can be read</source>
        <translation>{name} ist keine lesbare Labelkarte</translation>
    </message>
    <message>
        <source>Use NIfTI, NRRD, MHA or DICOM SEG</source>
        <translation type="vanished">NIfTI, NRRD, MHA oder DICOM SEG nehmen</translation>
    </message>
    <message>
        <source>{name} is packed in a way that cannot be decoded (transfer syntax {syntax})</source>
        <translation type="vanished">{name} ist auf eine Art gepackt, die nicht dekodiert werden kann (Transfersyntax {syntax})</translation>
    </message>
    <message>
        <source>Write it uncompressed</source>
        <translation>Unkomprimiert schreiben</translation>
    </message>
    <message>
        <source>{name} does not lie on one straight grid</source>
        <translation>{name} liegt nicht auf einem geraden Gitter</translation>
    </message>
    <message>
        <source>Write it on the image&apos;s grid</source>
        <translation>Auf dem Gitter des Bildes schreiben</translation>
    </message>
    <message>
        <source>a frame is cut off</source>
        <translation>ein Bild ist abgeschnitten</translation>
    </message>
    <message>
        <source>There are {len} volume files here</source>
        <translation>Hier sind {len} Volumendateien</translation>
    </message>
    <message>
        <source>Name one of them</source>
        <translation>Eine davon nennen</translation>
    </message>
    <message>
        <source>{name} holds {len} files, the limit is {most_entries}</source>
        <translation>{name} enthält {len} Dateien, die Grenze ist {most_entries}</translation>
    </message>
    <message>
        <source>Unpack it by hand</source>
        <translation>Von Hand entpacken</translation>
    </message>
    <message>
        <source>The zip would unpack to {claimed} GB. The limit is {most_bytes} GB, and {most_ratio} times its own size</source>
        <translation>Das Zip würde entpackt {claimed} GB groß. Die Grenze ist {most_bytes} GB und das {most_ratio}-Fache seiner eigenen Größe</translation>
    </message>
    <message>
        <source>Unpack it by hand and look at it</source>
        <translation>Von Hand entpacken und ansehen</translation>
    </message>
    <message>
        <source>{name} wants to write outside its own folder</source>
        <translation>{name} will außerhalb des eigenen Ordners schreiben</translation>
    </message>
    <message>
        <source>Do not use this zip</source>
        <translation>Dieses Zip nicht verwenden</translation>
    </message>
    <message>
        <source>{name} holds links</source>
        <translation>{name} enthält Verknüpfungen</translation>
    </message>
    <message>
        <source>Pack the files themselves</source>
        <translation>Die Dateien selbst packen</translation>
    </message>
    <message>
        <source>There are no files in this folder</source>
        <translation>In diesem Ordner sind keine Dateien</translation>
    </message>
    <message>
        <source>{name} cannot be unpacked ({strerror})</source>
        <translation>{name} kann nicht entpackt werden ({strerror})</translation>
    </message>
    <message>
        <source>{name} is not a usable zip file</source>
        <translation>{name} ist keine brauchbare Zip-Datei</translation>
    </message>
    <message>
        <source>Pack the folder again without a password</source>
        <translation>Den Ordner neu packen, ohne Passwort</translation>
    </message>
    <message>
        <source>{x} is not there</source>
        <translation>{x} ist nicht da</translation>
    </message>
    <message>
        <source>Check the path</source>
        <translation>Den Pfad prüfen</translation>
    </message>
    <message>
        <source>The folder {name} cannot be read ({strerror})</source>
        <translation>Der Ordner {name} kann nicht gelesen werden ({strerror})</translation>
    </message>
    <message>
        <source>{name} is neither a file nor a folder</source>
        <translation>{name} ist weder Datei noch Ordner</translation>
    </message>
    <message>
        <source>Name the scan itself</source>
        <translation>Den Scan selbst nennen</translation>
    </message>
    <message>
        <source>The zip unpacks to far more than it says</source>
        <translation>Das Zip wird entpackt viel größer, als es sagt</translation>
    </message>
    <message>
        <source>Do not use it</source>
        <translation>Nicht verwenden</translation>
    </message>
    <message>
        <source>reading its pixels stopped the reader</source>
        <translation>beim Lesen der Pixel hielt der Leser an</translation>
    </message>
    <message>
        <source>There is no series &apos;{series}&apos; in this file</source>
        <translation>In dieser Datei gibt es keine Serie &apos;{series}&apos;</translation>
    </message>
    <message>
        <source>Leave --series out</source>
        <translation>--series weglassen</translation>
    </message>
    <message>
        <source>Fill them with --fill-missing, or choose another series</source>
        <translation>Mit --fill-missing auffüllen oder eine andere Serie wählen</translation>
    </message>
    <message>
        <source>There are: {ids}</source>
        <translation>Es gibt: {ids}</translation>
    </message>
    <message>
        <source>{word}, not a volume.</source>
        <translation>{word}, kein Volumen.</translation>
    </message>
    <message>
        <source>The lumen has no edge that can be measured here</source>
        <translation>Das Lumen hat hier keinen messbaren Rand</translation>
    </message>
    <message>
        <source>Check the contrast</source>
        <translation>Den Kontrast prüfen</translation>
    </message>
    <message>
        <source>{name} does not name labels</source>
        <translation>{name} benennt keine Labels</translation>
    </message>
    <message>
        <source>Write it as {&quot;1&quot;: &quot;liver&quot;, &quot;2&quot;: &quot;tumor&quot;}</source>
        <translation>So schreiben: {&quot;1&quot;: &quot;liver&quot;, &quot;2&quot;: &quot;tumor&quot;}</translation>
    </message>
    <message>
        <source>Check the name of the names file</source>
        <translation>Den Namen der Namensdatei prüfen</translation>
    </message>
    <message>
        <source>Check the name of the label map</source>
        <translation>Den Namen der Labelkarte prüfen</translation>
    </message>
    <message>
        <source>{name} cannot be read as a label map</source>
        <translation>{name} kann nicht als Labelkarte gelesen werden</translation>
    </message>
    <message>
        <source>Write it again</source>
        <translation>Neu schreiben</translation>
    </message>
    <message>
        <source>{name} holds fractions, not labels</source>
        <translation>{name} enthält Brüche statt Labels</translation>
    </message>
    <message>
        <source>Write whole numbers</source>
        <translation>Ganze Zahlen schreiben</translation>
    </message>
    <message>
        <source>{name} holds labels outside 0 to 65535</source>
        <translation>{name} enthält Labels außerhalb 0 bis 65535</translation>
    </message>
    <message>
        <source>Write it as unsigned numbers</source>
        <translation>Als vorzeichenlose Zahlen schreiben</translation>
    </message>
    <message>
        <source>The label map lies on another grid: {describe_difference}</source>
        <translation>Die Labelkarte liegt auf einem anderen Gitter: {describe_difference}</translation>
    </message>
    <message>
        <source>Use theatrum labels CASE add FILE --resample to take it by nearest neighbour</source>
        <translation>theatrum labels CASE add FILE --resample nimmt sie nach dem nächsten Nachbarn</translation>
    </message>
    <message>
        <source>No surface is written to &apos;{ending}&apos; in this version</source>
        <translation>In dieser Version wird keine Oberfläche nach &apos;{ending}&apos; geschrieben</translation>
    </message>
    <message>
        <source>Check the name of the surface file</source>
        <translation>Den Namen der Oberflächendatei prüfen</translation>
    </message>
    <message>
        <source>{name} was written for a printer: its parts lie on the plate, not where they are in the patient</source>
        <translation>{name} wurde für einen Drucker geschrieben: die Teile liegen auf der Platte, nicht dort, wo sie im Patienten sind</translation>
    </message>
    <message>
        <source>Write the surface as .stl, .ply, .obj or .glb</source>
        <translation>Die Oberfläche als .stl, .ply, .obj oder .glb schreiben</translation>
    </message>
    <message>
        <source>{name} is no surface file</source>
        <translation>{name} ist keine Oberflächendatei</translation>
    </message>
    <message>
        <source>{name} holds no surface or is damaged</source>
        <translation>{name} enthält keine Oberfläche oder ist beschädigt</translation>
    </message>
    <message>
        <source>Finding the aorta</source>
        <translation>Die Aorta wird gesucht</translation>
    </message>
    <message>
        <source>Following the arteries</source>
        <translation>Die Arterien werden verfolgt</translation>
    </message>
    <message>
        <source>Measuring sections</source>
        <translation>Querschnitte werden gemessen</translation>
    </message>
    <message>
        <source>Finding edges</source>
        <translation>Kanten werden gesucht</translation>
    </message>
    <message>
        <source>The new file differs from the case, which stays as it was</source>
        <translation>Die neue Datei weicht vom Fall ab; er bleibt, wie er war</translation>
    </message>
    <message>
        <source>Check the disk and try again</source>
        <translation>Den Datenträger prüfen und noch einmal versuchen</translation>
    </message>
    <message>
        <source>Writing the case anew</source>
        <translation>Der Fall wird neu geschrieben</translation>
    </message>
    <message>
        <source>{name} cannot be read: the file is damaged, or its disk is full or failing</source>
        <translation>{name} kann nicht gelesen werden: Die Datei ist beschädigt, oder ihr Datenträger ist voll oder defekt</translation>
    </message>
    <message>
        <source>Look at the disk first; then bring back what can be: theatrum case recover</source>
        <translation>Zuerst den Datenträger ansehen; dann zurückholen, was geht: theatrum case recover</translation>
    </message>
    <message>
        <source>This installation of Theatrum cannot open encrypted cases</source>
        <translation>Diese Installation von Theatrum kann keine verschlüsselten Fälle öffnen</translation>
    </message>
    <message>
        <source>Install it anew, whole</source>
        <translation>Neu und vollständig installieren</translation>
    </message>
    <message>
        <source>Writing the segmentation</source>
        <translation>Die Segmentierung wird geschrieben</translation>
    </message>
    <message>
        <source>Writing the measurements of {name}</source>
        <translation>Die Messwerte von {name} werden geschrieben</translation>
    </message>
    <message>
        <source>Drawing {name}</source>
        <translation>{name} wird gezeichnet</translation>
    </message>
    <message>
        <source>Meshing {name}</source>
        <translation>{name} wird vernetzt</translation>
    </message>
    <message>
        <source>{name} is encrypted already</source>
        <translation>{name} ist schon verschlüsselt</translation>
    </message>
    <message>
        <source>Change its pass-phrase instead</source>
        <translation>Stattdessen die Passphrase ändern</translation>
    </message>
    <message>
        <source>{name} is not encrypted</source>
        <translation>{name} ist nicht verschlüsselt</translation>
    </message>
    <message>
        <source>Nothing needs to be done</source>
        <translation>Es ist nichts zu tun</translation>
    </message>
    <message>
        <source>Encrypt it first</source>
        <translation>Zuerst verschlüsseln</translation>
    </message>
    <message>
        <source>This is the case itself</source>
        <translation>Das ist der Fall selbst</translation>
    </message>
    <message>
        <source>Leave the name out to change it in its place</source>
        <translation>Den Namen weglassen, um ihn an seinem Ort zu ändern</translation>
    </message>
    <message>
        <source>Simplifying {name}</source>
        <translation>{name} wird vereinfacht</translation>
    </message>
    <message>
        <source>following the vessels</source>
        <translation>Gefäße werden verfolgt</translation>
    </message>
    <message>
        <source>Adding the structures</source>
        <translation>Strukturen werden hinzugefügt</translation>
    </message>
    <message>
        <source>The pass-phrase does not open {name}</source>
        <translation>Die Passphrase öffnet {name} nicht</translation>
    </message>
    <message>
        <source>Try again; look at the keyboard&apos;s layout and capital letters</source>
        <translation>Noch einmal versuchen; auf Tastaturbelegung und Großbuchstaben achten</translation>
    </message>
    <message>
        <source>Open it without a pass-phrase</source>
        <translation>Ohne Passphrase öffnen</translation>
    </message>
    <message>
        <source>A pass-phrase needs at least {least_letters} letters</source>
        <translation>Eine Passphrase braucht mindestens {least_letters} Zeichen</translation>
    </message>
    <message>
        <source>Several words are easy to keep in mind</source>
        <translation>Mehrere Wörter sind leicht zu merken</translation>
    </message>
    <message>
        <source>This case was encrypted by a newer Theatrum</source>
        <translation>Dieser Fall wurde mit einem neueren Theatrum verschlüsselt</translation>
    </message>
    <message>
        <source>A pass-phrase has {most_letters} letters at most</source>
        <translation>Eine Passphrase hat höchstens {most_letters} Zeichen</translation>
    </message>
    <message>
        <source>Use a shorter one</source>
        <translation>Eine kürzere nehmen</translation>
    </message>
    <message>
        <source>{name} is encrypted</source>
        <translation>{name} ist verschlüsselt</translation>
    </message>
    <message>
        <source>Give its pass-phrase (command line: --passphrase-file FILE)</source>
        <translation>Die Passphrase angeben (Kommandozeile: --passphrase-file FILE)</translation>
    </message>
    <message>
        <source>a case&apos;s key has 16 and 32 bytes</source>
        <translation>der Schlüssel eines Falls hat 16 und 32 Byte</translation>
    </message>
    <message>
        <source>The key needs {memory_kib} MB of free memory</source>
        <translation>Der Schlüssel braucht {memory_kib} MB freien Speicher</translation>
    </message>
    <message>
        <source>Close other programs and try again</source>
        <translation>Andere Programme schließen und noch einmal versuchen</translation>
    </message>
    <message>
        <source>Nothing can be brought back of {name}</source>
        <translation>Von {name} kann nichts zurückgeholt werden</translation>
    </message>
    <message>
        <source>Use a copy or a backup of it</source>
        <translation>Eine Kopie oder Sicherung davon nehmen</translation>
    </message>
    <message>
        <source>Measured on another image or phase than the results refer to, and left out: {join}.</source>
        <translation>An einem anderen Bild oder einer anderen Phase gemessen als die, auf die sich die Ergebnisse beziehen, und ausgelassen: {join}.</translation>
    </message>
    <message>
        <source>The pass-phrase does not open {name}, whichever bit of its first bytes is taken for changed</source>
        <translation>Die Passphrase öffnet {name} nicht, welches Bit der ersten Bytes auch immer als verändert gilt</translation>
    </message>
    <message>
        <source>Check its name</source>
        <translation>Den Namen prüfen</translation>
    </message>
    <message>
        <source>Trying changed first bytes</source>
        <translation>Veränderte erste Bytes werden versucht</translation>
    </message>
    <message>
        <source>{name}: the case has it already.</source>
        <translation>{name}: Der Fall hat sie schon.</translation>
    </message>
    <message>
        <source>The plan {name} was measured on what is not whole any more: measure it anew</source>
        <translation>Der Plan {name} wurde an etwas gemessen, das nicht mehr vollständig ist: neu messen</translation>
    </message>
    <message>
        <source>{which}: slices {runs} of {slices} are lost and filled with air; measure nothing there</source>
        <translation>{which}: Die Schichten {runs} von {slices} sind verloren und mit Luft gefüllt; dort nichts messen</translation>
    </message>
    <message>
        <source>The image {name} is lost</source>
        <translation>Das Bild {name} ist verloren</translation>
    </message>
    <message>
        <source>The structure {name} is lost</source>
        <translation>Die Struktur {name} ist verloren</translation>
    </message>
    <message>
        <source>{name}: where the model was not sure of it is lost</source>
        <translation>{name}: Wo das Modell nicht sicher war, ist verloren</translation>
    </message>
    <message>
        <source>Steps after the last sound one may be lost; how many nobody can tell</source>
        <translation>Schritte nach dem letzten heilen können verloren sein; wie viele, kann niemand sagen</translation>
    </message>
    <message>
        <source>What was done before cannot be undone any more</source>
        <translation>Was vorher getan wurde, kann nicht mehr rückgängig gemacht werden</translation>
    </message>
    <message>
        <source>The last {steps_lost} step(s) of work are lost</source>
        <translation>Die letzten {steps_lost} Arbeitsschritte sind verloren</translation>
    </message>
    <message>
        <source>The damaged case itself is never written to</source>
        <translation>In den beschädigten Fall selbst wird nie geschrieben</translation>
    </message>
    <message>
        <source>The case cannot be written anew</source>
        <translation>Der Fall kann nicht neu geschrieben werden</translation>
    </message>
    <message>
        <source>Writing the new case</source>
        <translation>Der neue Fall wird geschrieben</translation>
    </message>
    <message>
        <source>Slices {runs}{which} were lost when the case was damaged and are filled with air: measure nothing there.</source>
        <translation>Die Schichten {runs}{which} gingen verloren, als der Fall beschädigt wurde, und sind mit Luft gefüllt: dort nichts messen.</translation>
    </message>
    <message>
        <source>The file changed while it was read</source>
        <translation>Die Datei hat sich geändert, während sie gelesen wurde</translation>
    </message>
    <message>
        <source>Reading what is left</source>
        <translation>Gelesen wird, was übrig ist</translation>
    </message>
    <message>
        <source>Use a copy of it, or bring back what can be: theatrum case recover</source>
        <translation>Eine Kopie davon nehmen oder zurückholen, was geht: theatrum case recover</translation>
    </message>
    <message>
        <source>The folder or drive of {name} is gone</source>
        <translation>Der Ordner oder das Laufwerk von {name} ist nicht mehr da</translation>
    </message>
    <message>
        <source>Bring it back, or save a copy elsewhere</source>
        <translation>Verbinden Sie es wieder, oder speichern Sie anderswo eine Kopie</translation>
    </message>
    <message>
        <source>The scan cannot be read: the system stopped its reader, mostly for want of memory</source>
        <translation>Die Aufnahme kann nicht gelesen werden: Das System hat den Leser angehalten, meist weil der Speicher nicht reicht</translation>
    </message>
    <message>
        <source>{files} is damaged and cannot be read</source>
        <translation>{files} ist beschädigt und kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>it cannot be read any more ({strerror})</source>
        <translation>kann nicht mehr gelesen werden ({strerror})</translation>
    </message>
    <message>
        <source>Check that its folder or drive is still there</source>
        <translation>Prüfen Sie, ob der Ordner oder das Laufwerk noch da ist</translation>
    </message>
    <message>
        <source>{name} holds no surface</source>
        <translation>{name} enthält keine Oberfläche</translation>
    </message>
    <message>
        <source>Writing the image</source>
        <translation>Das Bild wird geschrieben</translation>
    </message>
    <message>
        <source>Drawing contours of {name}</source>
        <translation>Konturen von {name} werden gezeichnet</translation>
    </message>
    <message>
        <source>Taking the face from series {number} of {len}</source>
        <translation>Das Gesicht wird aus Serie {number} von {len} entfernt</translation>
    </message>
    <message>
        <source>De-identifying {done} of {n} files</source>
        <translation>{done} von {n} Dateien werden anonymisiert</translation>
    </message>
    <message>
        <source>Reading {message} of {len} files</source>
        <translation>{message} von {len} Dateien werden gelesen</translation>
    </message>
    <message>
        <source>{name} is packed in an unusual way (LZMA)</source>
        <translation>{name} ist auf ungewöhnliche Weise gepackt (LZMA)</translation>
    </message>
    <message>
        <source>Pack the files as a plain zip</source>
        <translation>Packen Sie die Dateien als gewöhnliches Zip</translation>
    </message>
    <message>
        <source>A slice of this series cannot be used: {what}</source>
        <translation>Eine Schicht dieser Serie kann nicht verwendet werden: {what}</translation>
    </message>
    <message>
        <source>This 3MF holds an assembly of parts</source>
        <translation>Diese 3MF-Datei enthält eine Baugruppe</translation>
    </message>
    <message>
        <source>{name} is damaged or no 3MF file</source>
        <translation>{name} ist beschädigt oder keine 3MF-Datei</translation>
    </message>
    <message>
        <source>{name} cannot be written ({x})</source>
        <translation>{name} kann nicht geschrieben werden ({x})</translation>
    </message>
    <message>
        <source>Choose another folder or check its permissions</source>
        <translation>Einen anderen Ordner wählen oder dessen Zugriffsrechte prüfen</translation>
    </message>
    <message>
        <source>{name} cannot be written: the disk is full</source>
        <translation>{name} kann nicht geschrieben werden: der Datenträger ist voll</translation>
    </message>
    <message>
        <source>The name {name} is too long</source>
        <translation>Der Name {name} ist zu lang</translation>
    </message>
    <message>
        <source>Choose a shorter one</source>
        <translation>Einen kürzeren wählen</translation>
    </message>
    <message>
        <source>{name} is damaged or no NIfTI file</source>
        <translation>{name} ist beschädigt oder keine NIfTI-Datei</translation>
    </message>
    <message>
        <source>{x} holds {len} volumes</source>
        <translation>{x} enthält {len} Volumen</translation>
    </message>
    <message>
        <source>Write one volume a file</source>
        <translation>Je Datei ein Volumen schreiben</translation>
    </message>
    <message>
        <source>{name} is cut off</source>
        <translation>{name} ist abgeschnitten</translation>
    </message>
    <message>
        <source>Copy it again</source>
        <translation>Neu kopieren</translation>
    </message>
    <message>
        <source>{name} holds {wanted} GB of voxels, more than the free memory can take ({free} GB)</source>
        <translation>{name} enthält {wanted} GB an Voxeln, mehr als der freie Speicher fasst ({free} GB)</translation>
    </message>
    <message>
        <source>Close other programs, or write it with larger voxels</source>
        <translation>Schließen Sie andere Programme, oder schreiben Sie sie mit größeren Voxeln</translation>
    </message>
    <message>
        <source>{name} has a position that is not a number</source>
        <translation>{name} hat eine Position, die keine Zahl ist</translation>
    </message>
    <message>
        <source>Write it again with its affine</source>
        <translation>Mit ihrer Affinen neu schreiben</translation>
    </message>
    <message>
        <source>{name} has a voxel spacing of zero</source>
        <translation>{name} hat einen Voxelabstand von null</translation>
    </message>
    <message>
        <source>{name} is sheared by {degrees}°</source>
        <translation>{name} ist um {degrees}° geschert</translation>
    </message>
    <message>
        <source>Resample it to a straight grid</source>
        <translation>Auf ein gerades Gitter umrechnen</translation>
    </message>
    <message>
        <source>{name} holds values that are not numbers</source>
        <translation>{name} enthält Werte, die keine Zahlen sind</translation>
    </message>
    <message>
        <source>Replace NaN and infinite values</source>
        <translation>NaN und unendliche Werte ersetzen</translation>
    </message>
    <message>
        <source>{name} has an ending that no image is written to</source>
        <translation>{name} hat eine Endung, auf die kein Bild geschrieben wird</translation>
    </message>
    <message>
        <source>Use .nii.gz, .nrrd or .mha</source>
        <translation>.nii.gz, .nrrd oder .mha nehmen</translation>
    </message>
    <message>
        <source>The NIfTI file does not say where its voxels lie (no qform, no sform)</source>
        <translation>Die NIfTI-Datei sagt nicht, wo ihre Voxel liegen (kein qform, kein sform)</translation>
    </message>
    <message>
        <source>Write it with its affine</source>
        <translation>Mit ihrer Affinen schreiben</translation>
    </message>
    <message>
        <source>{name} takes its voxels from another folder</source>
        <translation>{name} nimmt seine Voxel aus einem anderen Ordner</translation>
    </message>
    <message>
        <source>Put both files side by side</source>
        <translation>Beide Dateien nebeneinander legen</translation>
    </message>
    <message>
        <source>{name} is not one plain volume</source>
        <translation>{name} ist kein einfaches Volumen</translation>
    </message>
    <message>
        <source>Write one scalar volume a file</source>
        <translation>Je Datei ein skalares Volumen schreiben</translation>
    </message>
    <message>
        <source>{name} claims a size of {join}</source>
        <translation>{name} behauptet eine Größe von {join}</translation>
    </message>
    <message>
        <source>{name} is damaged or not what its ending says</source>
        <translation>{name} ist beschädigt oder nicht, was seine Endung sagt</translation>
    </message>
    <message>
        <source>the image writer stopped</source>
        <translation>das Schreiben des Bildes hielt an</translation>
    </message>
    <message>
        <source>{name} holds values of a type that is no image (NIfTI type {code})</source>
        <translation>{name} enthält Werte einer Art, die kein Bild ist (NIfTI-Typ {code})</translation>
    </message>
    <message>
        <source>Write it as integers or floats</source>
        <translation>Als ganze Zahlen oder Gleitkommazahlen schreiben</translation>
    </message>
    <message>
        <source>{name} holds {count} volumes</source>
        <translation>{name} enthält {count} Volumen</translation>
    </message>
    <message>
        <source>A direction must not be zero, got {tolist}</source>
        <translation>Eine Richtung darf nicht null sein, ist aber {tolist}</translation>
    </message>
    <message>
        <source>Give a vector with a length</source>
        <translation>Einen Vektor mit einer Länge angeben</translation>
    </message>
    <message>
        <source>A volume needs at least one voxel on each axis, got {size}</source>
        <translation>Ein Volumen braucht mindestens ein Voxel je Achse, hat aber {size}</translation>
    </message>
    <message>
        <source>The position of the volume is not a finite affine matrix</source>
        <translation>Die Lage des Volumens ist keine endliche affine Matrix</translation>
    </message>
    <message>
        <source>Voxel spacing must be above zero, got {tolist}</source>
        <translation>Der Voxelabstand muss über null liegen, ist aber {tolist}</translation>
    </message>
    <message>
        <source>The axes of the volume are not perpendicular</source>
        <translation>Die Achsen des Volumens stehen nicht senkrecht aufeinander</translation>
    </message>
    <message>
        <source>Import it resampled</source>
        <translation>Umgerechnet importieren</translation>
    </message>
    <message>
        <source>The axes of the volume are left-handed</source>
        <translation>Die Achsen des Volumens sind linkshändig</translation>
    </message>
    <message>
        <source>Flip the slice order</source>
        <translation>Die Reihenfolge der Schichten umkehren</translation>
    </message>
    <message>
        <source>A plane needs a finite point, got {tolist}</source>
        <translation>Eine Ebene braucht einen endlichen Punkt, hat aber {tolist}</translation>
    </message>
    <message>
        <source>There is no artery branch &apos;{name}&apos;</source>
        <translation>Es gibt keinen Arterienast &apos;{name}&apos;</translation>
    </message>
    <message>
        <source>No artery is named: clamp territories are left out</source>
        <translation>Keine Arterie ist genannt: Klemmgebiete entfallen</translation>
    </message>
    <message>
        <source>The artery does not reach into the kidney</source>
        <translation>Die Arterie reicht nicht in die Niere</translation>
    </message>
    <message>
        <source>The clamped branches do not feed all of {join} and its margin: it would bleed</source>
        <translation>Die geklemmten Äste versorgen nicht alles von {join} samt Rand: es würde bluten</translation>
    </message>
    <message>
        <source>more than half between the polar lines</source>
        <translation>mehr als die Hälfte zwischen den Pollinien</translation>
    </message>
    <message>
        <source>crosses the kidney&apos;s middle</source>
        <translation>kreuzt die Mitte der Niere</translation>
    </message>
    <message>
        <source>wholly beyond a polar line</source>
        <translation>ganz jenseits einer Pollinie</translation>
    </message>
    <message>
        <source>crosses a polar line</source>
        <translation>kreuzt eine Pollinie</translation>
    </message>
    <message>
        <source>wholly between the polar lines</source>
        <translation>ganz zwischen den Pollinien</translation>
    </message>
    <message>
        <source>before the kidney&apos;s middle</source>
        <translation>vor der Mitte der Niere</translation>
    </message>
    <message>
        <source>behind the kidney&apos;s middle</source>
        <translation>hinter der Mitte der Niere</translation>
    </message>
    <message>
        <source>neither before nor behind</source>
        <translation>weder vorn noch hinten</translation>
    </message>
    <message>
        <source>No tumour of the kidney is named</source>
        <translation>Kein Tumor der Niere ist genannt</translation>
    </message>
    <message>
        <source>Name one</source>
        <translation>Einen nennen</translation>
    </message>
    <message>
        <source>The kidney has no voxels</source>
        <translation>Die Niere hat keine Voxel</translation>
    </message>
    <message>
        <source>Segment or import it first</source>
        <translation>Zuerst segmentieren oder importieren</translation>
    </message>
    <message>
        <source>has {len} pieces</source>
        <translation>hat {len} Stücke</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; {own_words} {min} mm from this kidney: not planned here</source>
        <translation>&apos;{name}&apos; {own_words} {min} mm von dieser Niere: hier nicht geplant</translation>
    </message>
    <message>
        <source>No tumour lies at this kidney</source>
        <translation>An dieser Niere liegt kein Tumor</translation>
    </message>
    <message>
        <source>Name the tumours of this side</source>
        <translation>Die Tumoren dieser Seite nennen</translation>
    </message>
    <message>
        <source>{names} hold{x} two kidneys</source>
        <translation>{names} enthält{x} zwei Nieren</translation>
    </message>
    <message>
        <source>Name one; split the label first</source>
        <translation>Eine nennen; das Label zuerst teilen</translation>
    </message>
    <message>
        <source>Resection</source>
        <translation>Resektion</translation>
    </message>
    <message>
        <source>Artery branch</source>
        <translation>Arterienast</translation>
    </message>
    <message>
        <source>No cut yet: the score and the clamps can be kept alone, or add a cut.</source>
        <translation>Noch kein Schnitt: Score und Klemmen können allein behalten werden, oder einen Schnitt hinzufügen.</translation>
    </message>
    <message>
        <source>Asked for</source>
        <translation>Gefordert</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>Resektionsrand</translation>
    </message>
    <message>
        <source>Building the resections…</source>
        <translation>Resektionen werden aufgebaut …</translation>
    </message>
    <message>
        <source>The kidney is tumour throughout</source>
        <translation>Die Niere ist ganz Tumor</translation>
    </message>
    <message>
        <source>Kept parenchyma</source>
        <translation>Verbleibendes Parenchym</translation>
    </message>
    <message>
        <source>Choose the kidney&apos;s artery in step 1</source>
        <translation>Die Arterie der Niere in Schritt 1 wählen</translation>
    </message>
    <message>
        <source>Kept, its artery cut</source>
        <translation>Verbleibt, Arterie durchtrennt</translation>
    </message>
    <message>
        <source>Kept, clamped</source>
        <translation>Verbleibt, geklemmt</translation>
    </message>
    <message>
        <source>Name its parenchyma apart</source>
        <translation>Ihr Parenchym getrennt benennen</translation>
    </message>
    <message>
        <source>The sinus named lies outside this kidney and is not used</source>
        <translation>Der genannte Sinus liegt außerhalb dieser Niere und wird nicht verwendet</translation>
    </message>
    <message>
        <source>No sinus is named: the kidney&apos;s hollow is taken for it; check N and L</source>
        <translation>Kein Sinus ist genannt: die Höhlung der Niere gilt als Sinus; N und L prüfen</translation>
    </message>
    <message>
        <source>No sinus is named and none is seen: N and L are left out</source>
        <translation>Kein Sinus ist genannt und keiner ist zu sehen: N und L entfallen</translation>
    </message>
    <message>
        <source>There is no ablation zone &apos;{name}&apos;</source>
        <translation>Es gibt keine Ablationszone &apos;{name}&apos;</translation>
    </message>
    <message>
        <source>The zones are: {join}</source>
        <translation>Die Zonen sind: {join}</translation>
    </message>
    <message>
        <source>No body is seen in this scan</source>
        <translation>In diesem Scan ist kein Körper zu sehen</translation>
    </message>
    <message>
        <source>Needle ways need a CT of the trunk</source>
        <translation>Nadelwege brauchen ein CT des Rumpfes</translation>
    </message>
    <message>
        <source>The target lies outside the body</source>
        <translation>Das Ziel liegt außerhalb des Körpers</translation>
    </message>
    <message>
        <source>Place it in the tumour</source>
        <translation>In den Tumor setzen</translation>
    </message>
    <message>
        <source>No straight way leads from the skin to this target</source>
        <translation>Kein gerader Weg führt von der Haut zu diesem Ziel</translation>
    </message>
    <message>
        <source>Choose another target</source>
        <translation>Ein anderes Ziel wählen</translation>
    </message>
    <message>
        <source>No way is {least_clear_mm} mm clear; the widest comes within {max} mm of {min}</source>
        <translation>Kein Weg hält {least_clear_mm} mm Abstand; der weiteste kommt bis auf {max} mm an {min} heran</translation>
    </message>
    <message>
        <source>Choose another target or place the entry by hand</source>
        <translation>Ein anderes Ziel wählen oder den Eintritt von Hand setzen</translation>
    </message>
    <message>
        <source>A {lower} takes the segments {join}, and here {join2} {x} not known</source>
        <translation>Eine {lower} nimmt die Segmente {join}, und hier ist {join2} {x} nicht bekannt</translation>
    </message>
    <message>
        <source>Name the segments by landmarks or by branches first</source>
        <translation>Zuerst die Segmente nach Landmarken oder nach Ästen benennen</translation>
    </message>
    <message>
        <source>The anatomy is not an object</source>
        <translation>Die Anatomie ist kein Objekt</translation>
    </message>
    <message>
        <source>Give {&quot;corrections&quot;: [...], &quot;segments&quot;: {...}}</source>
        <translation>Angeben: {&quot;corrections&quot;: [...], &quot;segments&quot;: {...}}</translation>
    </message>
    <message>
        <source>Territories are named like</source>
        <translation>Territorien heißen wie</translation>
    </message>
    <message>
        <source>{hint}; no vessel tree is named</source>
        <translation>{hint}; kein Gefäßbaum ist genannt</translation>
    </message>
    <message>
        <source>There is no territory &apos;{name}&apos;</source>
        <translation>Es gibt kein Territorium &apos;{name}&apos;</translation>
    </message>
    <message>
        <source>Name the vessel trees as well</source>
        <translation>Auch die Gefäßbäume nennen</translation>
    </message>
    <message>
        <source>Branches are named like</source>
        <translation>Äste heißen wie</translation>
    </message>
    <message>
        <source>There is no tumour {number}</source>
        <translation>Es gibt keinen Tumor {number}</translation>
    </message>
    <message>
        <source>The tumours are: {known}</source>
        <translation>Die Tumoren sind: {known}</translation>
    </message>
    <message>
        <source>There is no branch &apos;{name}&apos; to spare</source>
        <translation>Es gibt keinen zu schonenden Ast &apos;{name}&apos;</translation>
    </message>
    <message>
        <source>There is no correction &apos;{kind}&apos; of a vessel tree</source>
        <translation>Es gibt keine Korrektur &apos;{kind}&apos; eines Gefäßbaums</translation>
    </message>
    <message>
        <source>Use reassign, cut, join or root</source>
        <translation>reassign, cut, join oder root nehmen</translation>
    </message>
    <message>
        <source>&apos;{value}&apos; is no {what} of a correction</source>
        <translation>&apos;{value}&apos; ist kein {what} einer Korrektur</translation>
    </message>
    <message>
        <source>Use {join}</source>
        <translation>{join} nehmen</translation>
    </message>
    <message>
        <source>Tree correction {number} ({kind}): {reason}</source>
        <translation>Korrektur {number} des Baums ({kind}): {reason}</translation>
    </message>
    <message>
        <source>Segment {name} has no {what} of its own here</source>
        <translation>Segment {name} hat hier keinen eigenen {what}</translation>
    </message>
    <message>
        <source>There is no method &apos;{method}&apos; for segments</source>
        <translation>Es gibt kein Verfahren &apos;{method}&apos; für Segmente</translation>
    </message>
    <message>
        <source>Use &quot;branches&quot;, or leave it out</source>
        <translation>&quot;branches&quot; nehmen oder weglassen</translation>
    </message>
    <message>
        <source>There is no landmark &apos;{name}&apos;</source>
        <translation>Es gibt keine Landmarke &apos;{name}&apos;</translation>
    </message>
    <message>
        <source>There is no segment &apos;{get}&apos;</source>
        <translation>Es gibt kein Segment &apos;{get}&apos;</translation>
    </message>
    <message>
        <source>Segments from landmarks need {replace}, too</source>
        <translation>Segmente nach Landmarken brauchen auch {replace}</translation>
    </message>
    <message>
        <source>Cava, portal bifurcation and ligamentum venosum lie on one line, or side by side: check the landmarks</source>
        <translation>Hohlvene, Pfortaderteilung und Ligamentum venosum liegen auf einer Linie oder nebeneinander: die Landmarken prüfen</translation>
    </message>
    <message>
        <source>The umbilical portion, the middle and the right vein do not follow each other from left to right about the vena cava: check the landmarks</source>
        <translation>Pars umbilicalis, mittlere und rechte Vene folgen um die Hohlvene nicht von links nach rechts aufeinander: die Landmarken prüfen</translation>
    </message>
    <message>
        <source>{len} of {count} portal branches {x} between two segments: look at {places}{more}</source>
        <translation>{len} von {count} Pfortaderästen {x} zwischen zwei Segmenten: {places}{more} ansehen</translation>
    </message>
    <message>
        <source>Segments I–VIII are not named: {reason}; set the landmarks to have them</source>
        <translation>Die Segmente I–VIII sind nicht benannt: {reason}; dafür die Landmarken setzen</translation>
    </message>
    <message>
        <source>Segment {numerals} is unsure: its portal branches and the hepatic veins agree over {x} % of it only</source>
        <translation>Segment {numerals} ist unsicher: Pfortaderäste und Lebervenen stimmen nur auf {x} % davon überein</translation>
    </message>
    <message>
        <source>Only the branches named by hand are segments: {reason}</source>
        <translation>Nur die von Hand benannten Äste sind Segmente: {reason}</translation>
    </message>
    <message>
        <source>There is no portal branch near the place named {segment}</source>
        <translation>Nahe der mit {segment} benannten Stelle ist kein Pfortaderast</translation>
    </message>
    <message>
        <source>segment {name}</source>
        <translation>Segment {name}</translation>
    </message>
    <message>
        <source>IVX</source>
        <translation>IVX</translation>
    </message>
    <message>
        <source>Portal branch</source>
        <translation>Pfortaderast</translation>
    </message>
    <message>
        <source>Hepatic vein</source>
        <translation>Lebervene</translation>
    </message>
    <message>
        <source>Margin asked for</source>
        <translation>Geforderter Resektionsrand</translation>
    </message>
    <message>
        <source>Resections</source>
        <translation>Resektionen</translation>
    </message>
    <message>
        <source>Flat map</source>
        <translation>Flächenkarte</translation>
    </message>
    <message>
        <source>Vessels cut</source>
        <translation>Durchtrennte Gefäße</translation>
    </message>
    <message>
        <source>Slices</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Placing the first cut…</source>
        <translation>Erster Schnitt wird gesetzt …</translation>
    </message>
    <message>
        <source>Smallest margin</source>
        <translation>Kleinster Resektionsrand</translation>
    </message>
    <message>
        <source>through T{tumor_id}</source>
        <translation>durch T{tumor_id}</translation>
    </message>
    <message>
        <source>T{stay} stays</source>
        <translation>T{stay} bleibt</translation>
    </message>
    <message>
        <source>{stay} tumours stay</source>
        <translation>{stay} Tumoren bleiben</translation>
    </message>
    <message>
        <source>Smallest margin, T{tumor_id} to cut</source>
        <translation>Kleinster Resektionsrand, T{tumor_id} zum Schnitt</translation>
    </message>
    <message>
        <source>The cut does not meet the {organ}</source>
        <translation>Der Schnitt trifft das Organ nicht ({organ})</translation>
    </message>
    <message>
        <source>Drag it onto the {organ}, or start again.</source>
        <translation>Auf das Organ ziehen ({organ}) oder neu beginnen.</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>Neu beginnen</translation>
    </message>
    <message>
        <source>Nothing is kept</source>
        <translation>Nichts bleibt</translation>
    </message>
    <message>
        <source>The cut removes the whole {organ}.</source>
        <translation>Der Schnitt entfernt das ganze Organ ({organ}).</translation>
    </message>
    <message>
        <source>{left} tumours</source>
        <translation>{left} Tumoren</translation>
    </message>
    <message>
        <source>{names} stays in the remnant</source>
        <translation>{names} bleibt im Rest</translation>
    </message>
    <message>
        <source>{names} stay in the remnant</source>
        <translation>{names} bleiben im Rest</translation>
    </message>
    <message>
        <source>Another cut can remove it.</source>
        <translation>Ein weiterer Schnitt kann ihn entfernen.</translation>
    </message>
    <message>
        <source>Another cut can remove them.</source>
        <translation>Ein weiterer Schnitt kann sie entfernen.</translation>
    </message>
    <message>
        <source>{key} cancels</source>
        <translation>{key} bricht ab</translation>
    </message>
    <message>
        <source>{names} {stays} in the remnant</source>
        <translation type="vanished">{names} {stays} im Rest</translation>
    </message>
    <message>
        <source>Another cut can remove {them}.</source>
        <translation type="vanished">Ein weiterer Schnitt kann {them} entfernen.</translation>
    </message>
    <message>
        <source>Keep as plan {name}</source>
        <translation>Als Plan {name} behalten</translation>
    </message>
    <message>
        <source>Reach {asked_mm:g}&#x202f;mm</source>
        <translation>{asked_mm:g}&#x202f;mm erreichen</translation>
    </message>
    <message>
        <source>Enter keeps · drag the handles</source>
        <translation>Enter behält · Griffe ziehen</translation>
    </message>
    <message>
        <source>{cut_name} comes nearest; it cannot be moved</source>
        <translation>{cut_name} kommt am nächsten; er kann nicht verschoben werden</translation>
    </message>
    <message>
        <source>A liver condition &apos;{name}&apos; is not known</source>
        <translation>Ein Zustand der Leber &apos;{name}&apos; ist nicht bekannt</translation>
    </message>
    <message>
        <source>Choose one of</source>
        <translation>Einen wählen von</translation>
    </message>
    <message>
        <source>The second study is not later than the first</source>
        <translation>Die zweite Untersuchung ist nicht später als die erste</translation>
    </message>
    <message>
        <source>A recipient of {recipient_kg} kg cannot be used</source>
        <translation>Ein Empfänger von {recipient_kg} kg kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>Give 2 to 400 kg</source>
        <translation>2 bis 400 kg angeben</translation>
    </message>
    <message>
        <source>A factor of {factor} cannot be used</source>
        <translation>Ein Faktor von {factor} kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>Give 0.5 to 1.2 g/ml</source>
        <translation>0,5 bis 1,2 g/ml angeben</translation>
    </message>
    <message>
        <source>No {least_run_mm} mm of this cut&apos;s line on the capsule can be reached {where}</source>
        <translation>Keine {least_run_mm} mm der Schnittlinie auf der Kapsel sind {where} zu erreichen</translation>
    </message>
    <message>
        <source>Choose another direction or another cut</source>
        <translation>Eine andere Richtung oder einen anderen Schnitt wählen</translation>
    </message>
    <message>
        <source>The cut does not meet the capsule</source>
        <translation>Der Schnitt trifft die Kapsel nicht</translation>
    </message>
    <message>
        <source>Choose another cut</source>
        <translation>Einen anderen Schnitt wählen</translation>
    </message>
    <message>
        <source>No guide fits on the capsule here</source>
        <translation>Hier passt keine Schablone auf die Kapsel</translation>
    </message>
    <message>
        <source>Choose another direction or smaller wings</source>
        <translation>Eine andere Richtung oder kleinere Flügel wählen</translation>
    </message>
    <message>
        <source>A guide&apos;s {name} of {value} mm cannot be made</source>
        <translation>{name} einer Schablone von {value} mm ist nicht möglich</translation>
    </message>
    <message>
        <source>Give {low} to {high} mm</source>
        <translation>{low} bis {high} mm angeben</translation>
    </message>
    <message>
        <source>less than the {least_percent} % asked{whose}{when}</source>
        <translation>weniger als die geforderten {least_percent} %{whose}{when}</translation>
    </message>
    <message>
        <source>The {least_percent} % asked are of the {standard}, which is not known: the {whole} stands for it</source>
        <translation>Die geforderten {least_percent} % beziehen sich auf {standard}, was nicht bekannt ist: stattdessen gilt {whole}</translation>
    </message>
    <message>
        <source>Of the {of} {much} keeps both inflow and drainage ({kept} % is kept): {words}</source>
        <translation>Von {of} behalten {much} Zufluss und Abfluss ({kept} % bleiben): {words}</translation>
    </message>
    <message>
        <source>A least remnant of {least_percent} % cannot be used</source>
        <translation>Ein Mindestrest von {least_percent} % kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>Give {low} to {high} %</source>
        <translation>{low} bis {high} % angeben</translation>
    </message>
    <message>
        <source>The remnant is {kept} % of the {of}: {words}</source>
        <translation>Der Rest ist {kept} % von {of}: {words}</translation>
    </message>
    <message>
        <source>Name a portal or hepatic vein tree</source>
        <translation>Einen Pfortader- oder Lebervenenbaum nennen</translation>
    </message>
    <message>
        <source>The territories are</source>
        <translation>Die Territorien sind</translation>
    </message>
    <message>
        <source>No empty slices lie between painted ones</source>
        <translation>Zwischen den gemalten liegen keine leeren Schichten</translation>
    </message>
    <message>
        <source>Paint two slices with some between them</source>
        <translation>Zwei Schichten malen, zwischen denen einige liegen</translation>
    </message>
    <message>
        <source>Voxels of shape {shape} do not fit a box of {shape_of}</source>
        <translation>Voxel der Form {shape} passen nicht in einen Kasten von {shape_of}</translation>
    </message>
    <message>
        <source>A structure cannot be called &apos;{name}&apos;</source>
        <translation>Eine Struktur kann nicht &apos;{name}&apos; heißen</translation>
    </message>
    <message>
        <source>A structure cannot be called &apos;{new_name}&apos;</source>
        <translation>Eine Struktur kann nicht &apos;{new_name}&apos; heißen</translation>
    </message>
    <message>
        <source>There is no structure named &apos;{name}&apos;</source>
        <translation>Es gibt keine Struktur namens &apos;{name}&apos;</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; is locked</source>
        <translation>&apos;{name}&apos; ist gesperrt</translation>
    </message>
    <message>
        <source>Unlock it first</source>
        <translation>Zuerst freigeben</translation>
    </message>
    <message>
        <source>The edit of &apos;{name}&apos; leaves its grid</source>
        <translation>Die Änderung von &apos;{name}&apos; verlässt ihr Gitter</translation>
    </message>
    <message>
        <source>Edit it on the image that it was made on</source>
        <translation>Auf dem Bild bearbeiten, auf dem sie entstand</translation>
    </message>
    <message>
        <source>A structure can grow by at most {most_mm} mm</source>
        <translation>Eine Struktur kann höchstens um {most_mm} mm wachsen</translation>
    </message>
    <message>
        <source>Use a smaller number</source>
        <translation>Eine kleinere Zahl nehmen</translation>
    </message>
    <message>
        <source>A wall needs a thickness above 0 mm</source>
        <translation>Eine Wand braucht eine Dicke über 0 mm</translation>
    </message>
    <message>
        <source>Use a larger number</source>
        <translation>Eine größere Zahl nehmen</translation>
    </message>
    <message>
        <source>The structure is not there</source>
        <translation>Die Struktur ist nicht dort</translation>
    </message>
    <message>
        <source>Click on a piece of it</source>
        <translation>Auf ein Stück von ihr klicken</translation>
    </message>
    <message>
        <source>There are {count} pieces, more than {most_pieces}</source>
        <translation>Es gibt {count} Stücke, mehr als {most_pieces}</translation>
    </message>
    <message>
        <source>Leave out the small ones by their volume</source>
        <translation>Die kleinen nach ihrem Volumen weglassen</translation>
    </message>
    <message>
        <source>Bits of shape {shape} do not fit a patch of {size_ijk}</source>
        <translation>Bits der Form {shape} passen nicht zu einem Flicken von {size_ijk}</translation>
    </message>
    <message>
        <source>The lower value lies above the upper one</source>
        <translation>Der untere Wert liegt über dem oberen</translation>
    </message>
    <message>
        <source>Swap the two</source>
        <translation>Die beiden tauschen</translation>
    </message>
    <message>
        <source>There is no structure named &apos;{other}&apos;</source>
        <translation>Es gibt keine Struktur namens &apos;{other}&apos;</translation>
    </message>
    <message>
        <source>Choose one of the case&apos;s</source>
        <translation>Eine des Falls wählen</translation>
    </message>
    <message>
        <source>Only an image has values to choose by</source>
        <translation>Nur ein Bild hat Werte, nach denen gewählt werden kann</translation>
    </message>
    <message>
        <source>Open one first</source>
        <translation>Zuerst eines öffnen</translation>
    </message>
    <message>
        <source>A cut needs at least three points</source>
        <translation>Ein Schnitt braucht mindestens drei Punkte</translation>
    </message>
    <message>
        <source>Draw round what is to be cut</source>
        <translation>Umfahren, was geschnitten werden soll</translation>
    </message>
    <message>
        <source>The cut has no area</source>
        <translation>Der Schnitt hat keine Fläche</translation>
    </message>
    <message>
        <source>Growing needs seeds of at least two structures</source>
        <translation>Wachsen braucht Keime von mindestens zwei Strukturen</translation>
    </message>
    <message>
        <source>Paint some of what is not wanted too</source>
        <translation>Auch etwas von dem malen, was nicht gewünscht ist</translation>
    </message>
    <message>
        <source>The box to grow in is empty</source>
        <translation>Der Kasten zum Wachsen ist leer</translation>
    </message>
    <message>
        <source>Choose a larger one</source>
        <translation>Einen größeren wählen</translation>
    </message>
    <message>
        <source>The seeds of &apos;{name}&apos; overlap another&apos;s</source>
        <translation type="vanished">Die Keime von &apos;{name}&apos; überlappen andere</translation>
    </message>
    <message>
        <source>Paint over only what is empty</source>
        <translation type="vanished">Nur über Leeres malen</translation>
    </message>
    <message>
        <source>Choose at least one</source>
        <translation>Mindestens eine wählen</translation>
    </message>
    <message>
        <source>Smoothing needs a size above 0 and up to {most_mm} mm</source>
        <translation>Glätten braucht eine Größe über 0 und bis {most_mm} mm</translation>
    </message>
    <message>
        <source>Use another number</source>
        <translation>Eine andere Zahl nehmen</translation>
    </message>
    <message>
        <source>&apos;{first}&apos; and &apos;{second}&apos; overlap</source>
        <translation>&apos;{first}&apos; und &apos;{second}&apos; überlappen</translation>
    </message>
    <message>
        <source>Smooth them one by one, or subtract one first</source>
        <translation>Einzeln glätten oder zuerst eine abziehen</translation>
    </message>
    <message>
        <source>A brush needs a size above 0 mm</source>
        <translation>Ein Pinsel braucht eine Größe über 0 mm</translation>
    </message>
    <message>
        <source>A disc needs the plane it lies in</source>
        <translation>Eine Scheibe braucht die Ebene, in der sie liegt</translation>
    </message>
    <message>
        <source>The structure lies on another image&apos;s grid</source>
        <translation>Die Struktur liegt auf dem Gitter eines anderen Bildes</translation>
    </message>
    <message>
        <source>Show the image it belongs to</source>
        <translation>Das Bild zeigen, zu dem sie gehört</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; has changed meanwhile</source>
        <translation>&apos;{name}&apos; hat sich inzwischen geändert</translation>
    </message>
    <message>
        <source>Do it again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Only one of --image, --labels, --structure, --plan and --measurements can be written to a file</source>
        <translation>Nur eines von --image, --labels, --structure, --plan und --measurements kann in eine Datei geschrieben werden</translation>
    </message>
    <message>
        <source>Measurements are written to .json or .csv</source>
        <translation>Messungen werden nach .json oder .csv geschrieben</translation>
    </message>
    <message>
        <source>Name such a file</source>
        <translation>Eine solche Datei nennen</translation>
    </message>
    <message>
        <source>{name} turned by {angle}°</source>
        <translation>{name}, um {angle}° gedreht</translation>
    </message>
    <message>
        <source>There is no tumour {tumor}</source>
        <translation>Es gibt keinen Tumor {tumor}</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; has no voxels</source>
        <translation>&apos;{name}&apos; hat keine Voxel</translation>
    </message>
    <message>
        <source>The {kind} tree does not reach into the organ</source>
        <translation>Der {kind}-Baum reicht nicht in das Organ</translation>
    </message>
    <message>
        <source>The organ is in {len} pieces that do not touch ({sizes} ml)</source>
        <translation>Das Organ besteht aus {len} Stücken, die sich nicht berühren ({sizes} ml)</translation>
    </message>
    <message>
        <source>The organ reaches the scan&apos;s edge: what lies beyond it is in no volume</source>
        <translation>Das Organ reicht an den Rand des Scans: was jenseits liegt, ist in keinem Volumen</translation>
    </message>
    <message>
        <source>{join} {said} outside the organ and {x} to it nevertheless: check the structures</source>
        <translation>{join} {said} außerhalb des Organs und {x} trotzdem dazu: die Strukturen prüfen</translation>
    </message>
    <message>
        <source>No organ was named</source>
        <translation>Kein Organ wurde genannt</translation>
    </message>
    <message>
        <source>Name the structures that make up the liver</source>
        <translation>Die Strukturen nennen, aus denen die Leber besteht</translation>
    </message>
    <message>
        <source>The organ ({names}) has no voxels</source>
        <translation>Das Organ ({names}) hat keine Voxel</translation>
    </message>
    <message>
        <source>Segment or import the liver first</source>
        <translation>Zuerst die Leber segmentieren oder importieren</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; lies on another grid than &apos;{first_name}&apos;</source>
        <translation>&apos;{name}&apos; liegt auf einem anderen Gitter als &apos;{first_name}&apos;</translation>
    </message>
    <message>
        <source>Resample it to the image&apos;s grid when adding it</source>
        <translation>Beim Hinzufügen auf das Gitter des Bildes umrechnen</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; ({volume_ml} ml) lies enclosed in the organ but is not part of it; name it under organ to count it</source>
        <translation>&apos;{name}&apos; ({volume_ml} ml) liegt eingeschlossen im Organ, gehört aber nicht dazu; unter organ nennen, um es mitzuzählen</translation>
    </message>
    <message>
        <source>This plan has no {tree} territories</source>
        <translation>Dieser Plan hat keine {tree}-Territorien</translation>
    </message>
    <message>
        <source>Name the vessel trees, or choose another kind</source>
        <translation>Die Gefäßbäume nennen oder eine andere Art wählen</translation>
    </message>
    <message>
        <source>A place needs three numbers in mm, got {value}</source>
        <translation>Eine Stelle braucht drei Zahlen in mm, ist aber {value}</translation>
    </message>
    <message>
        <source>No tumour is large enough to measure</source>
        <translation>Kein Tumor ist groß genug zum Messen</translation>
    </message>
    <message>
        <source>No tumour is named</source>
        <translation>Kein Tumor ist genannt</translation>
    </message>
    <message>
        <source>The vena cava runs through what is removed over {length_mm} mm: the remnant is counted as if it stays</source>
        <translation>Die Hohlvene verläuft über {length_mm} mm durch das, was entfernt wird: der Rest zählt, als bliebe sie</translation>
    </message>
    <message>
        <source>The organ is tumour throughout: there is no remnant to speak of</source>
        <translation>Das Organ ist ganz Tumor: es gibt keinen nennenswerten Rest</translation>
    </message>
    <message>
        <source>The viable remnant needs a portal and a hepatic vein tree</source>
        <translation>Das funktionelle Restvolumen braucht einen Pfortader- und einen Lebervenenbaum</translation>
    </message>
    <message>
        <source>{why}: there is no margin</source>
        <translation>{why}: es gibt keinen Resektionsrand</translation>
    </message>
    <message>
        <source>{which} {where}, wholly or in part</source>
        <translation>{which} {where}, ganz oder teilweise</translation>
    </message>
    <message>
        <source>The resection removes no voxel of the organ</source>
        <translation>Die Resektion entfernt kein Voxel des Organs</translation>
    </message>
    <message>
        <source>The resection removes the whole organ</source>
        <translation>Die Resektion entfernt das ganze Organ</translation>
    </message>
    <message>
        <source>The resection leaves no cut surface in the organ: no margin</source>
        <translation>Die Resektion lässt keine Schnittfläche im Organ: kein Resektionsrand</translation>
    </message>
    <message>
        <source>The cut goes through tumour {tumor_id}, {x} mm deep</source>
        <translation>Der Schnitt geht {x} mm tief durch Tumor {tumor_id}</translation>
    </message>
    <message>
        <source>This plane cannot keep {wanted_mm} mm</source>
        <translation>Diese Ebene kann {wanted_mm} mm nicht einhalten</translation>
    </message>
    <message>
        <source>Turn it, or add a second plane</source>
        <translation>Drehen oder eine zweite Ebene hinzufügen</translation>
    </message>
    <message>
        <source>No tumour is named: there is no margin to reach</source>
        <translation>Kein Tumor ist genannt: es gibt keinen Resektionsrand zu erreichen</translation>
    </message>
    <message>
        <source>Choose the tumours first</source>
        <translation>Zuerst die Tumoren wählen</translation>
    </message>
    <message>
        <source>Only a plane can be moved until the margin is reached</source>
        <translation>Nur eine Ebene kann verschoben werden, bis der Resektionsrand erreicht ist</translation>
    </message>
    <message>
        <source>Choose a plane</source>
        <translation>Eine Ebene wählen</translation>
    </message>
    <message>
        <source>Compare plans</source>
        <translation>Pläne vergleichen</translation>
    </message>
    <message>
        <source>plan {chosen}</source>
        <translation>Plan {chosen}</translation>
    </message>
    <message>
        <source>viable</source>
        <translation>funktionell</translation>
    </message>
    <message>
        <source>remnant</source>
        <translation>Leberrest</translation>
    </message>
    <message>
        <source>Asked: margin {margin_mm:g} mm · {what} {remnant_percent:g} %</source>
        <translation>Gefordert: Resektionsrand {margin_mm:g} mm · {what} {remnant_percent:g} %</translation>
    </message>
    <message>
        <source>Make a second plan to compare</source>
        <translation>Zum Vergleich einen zweiten Plan machen</translation>
    </message>
    <message>
        <source>Copy this one and change its cut.</source>
        <translation>Diesen kopieren und seinen Schnitt ändern.</translation>
    </message>
    <message>
        <source>{diameter_mm} wide.</source>
        <translation>{diameter_mm} weit.</translation>
    </message>
    <message>
        <source>In all {congested} would be congested, {dark} without inflow.</source>
        <translation>Insgesamt wären {congested} gestaut und {dark} ohne Zufluss.</translation>
    </message>
    <message>
        <source>{diameter_mm} wide</source>
        <translation type="vanished">{diameter_mm} weit</translation>
    </message>
    <message>
        <source>; {congested} would be congested</source>
        <translation type="vanished">; {congested} wären gestaut</translation>
    </message>
    <message>
        <source>{plan} cuts {branch}</source>
        <translation>{plan} durchtrennt {branch}</translation>
    </message>
    <message>
        <source>{key} unlinks the views</source>
        <translation>{key} löst die Ansichten</translation>
    </message>
    <message>
        <source>{at} cuts {lower}{name}</source>
        <translation type="vanished">{at} durchtrennt {lower}{name}</translation>
    </message>
    <message>
        <source>Choose plan {at}</source>
        <translation>Plan {at} wählen</translation>
    </message>
    <message>
        <source>Copy {at}</source>
        <translation>{at} kopieren</translation>
    </message>
    <message>
        <source>Ctrl+L unlinks the views</source>
        <translation type="vanished">Strg+L löst die Ansichten</translation>
    </message>
    <message>
        <source>On other structures: open it first</source>
        <translation>An anderen Strukturen: zuerst öffnen</translation>
    </message>
    <message>
        <source>viable remnant</source>
        <translation>funktionelles Restvolumen</translation>
    </message>
    <message>
        <source>The cut does not meet the liver</source>
        <translation>Der Schnitt trifft die Leber nicht</translation>
    </message>
    <message>
        <source>Drawing the map</source>
        <translation>Karte wird gezeichnet</translation>
    </message>
    <message>
        <source>Move or turn the plane first</source>
        <translation>Zuerst die Ebene verschieben oder drehen</translation>
    </message>
    <message>
        <source>The side with the tumour cannot be removed: no tumour is named</source>
        <translation>Die Seite mit dem Tumor kann nicht entfernt werden: kein Tumor ist genannt</translation>
    </message>
    <message>
        <source>Name the tumours, or give a normal that points to the side to remove</source>
        <translation>Die Tumoren nennen oder eine Normale angeben, die zur entfernten Seite zeigt</translation>
    </message>
    <message>
        <source>A cut removes &apos;side&apos; or &apos;tumor&apos;, got &apos;{remove}&apos;</source>
        <translation>Ein Schnitt entfernt &apos;side&apos; oder &apos;tumor&apos;, nicht &apos;{remove}&apos;</translation>
    </message>
    <message>
        <source>A resection of the kind &apos;{kind}&apos; is not known here</source>
        <translation>Eine Resektion der Art &apos;{kind}&apos; ist hier nicht bekannt</translation>
    </message>
    <message>
        <source>Open the case with a newer version</source>
        <translation>Den Fall mit einer neueren Version öffnen</translation>
    </message>
    <message>
        <source>A deformable cut needs a net of at least 4 × 4 finite heights</source>
        <translation>Ein verformbarer Schnitt braucht ein Netz von mindestens 4 × 4 endlichen Höhen</translation>
    </message>
    <message>
        <source>A deformable cut needs a net that is larger than nothing</source>
        <translation>Ein verformbarer Schnitt braucht ein Netz, das größer als nichts ist</translation>
    </message>
    <message>
        <source>A margin of {margin_mm} mm cannot be used</source>
        <translation>Ein Resektionsrand von {margin_mm} mm kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>Give 0 to 50 mm</source>
        <translation>0 bis 50 mm angeben</translation>
    </message>
    <message>
        <source>A resection by territory names at least one</source>
        <translation>Eine Resektion nach Territorien nennt mindestens eines</translation>
    </message>
    <message>
        <source>Name a branch or a segment</source>
        <translation>Einen Ast oder ein Segment nennen</translation>
    </message>
    <message>
        <source>An ablation zone has semi-axes of 2 to 60 mm</source>
        <translation>Eine Ablationszone hat Halbachsen von 2 bis 60 mm</translation>
    </message>
    <message>
        <source>The needle&apos;s entry and target are the same place</source>
        <translation>Eintritt und Ziel der Nadel sind dieselbe Stelle</translation>
    </message>
    <message>
        <source>Move one of them</source>
        <translation>Eines davon verschieben</translation>
    </message>
    <message>
        <source>The image is no CT: its values are not HU</source>
        <translation>Das Bild ist kein CT: seine Werte sind keine HU</translation>
    </message>
    <message>
        <source>Choose a portal-venous CT</source>
        <translation>Ein portalvenöses CT wählen</translation>
    </message>
    <message>
        <source>No stroke says where the liver is</source>
        <translation>Kein Strich sagt, wo die Leber ist</translation>
    </message>
    <message>
        <source>The first click lies on tissue of {first_hu} HU, which is no liver</source>
        <translation>Der erste Klick liegt auf Gewebe von {first_hu} HU, was keine Leber ist</translation>
    </message>
    <message>
        <source>Only {volume_ml} ml were found: click into plain liver tissue</source>
        <translation>Nur {volume_ml} ml wurden gefunden: in gesundes Lebergewebe klicken</translation>
    </message>
    <message>
        <source>On {x} % of the surface the neighbour has the liver&apos;s own HU: look there</source>
        <translation>Auf {x} % der Oberfläche hat der Nachbar dieselben HU wie die Leber: dort hinsehen</translation>
    </message>
    <message>
        <source>The liver reaches the {join} slice: part of it is not seen</source>
        <translation>Die Leber reicht bis zur {join} Schicht: ein Teil von ihr ist nicht zu sehen</translation>
    </message>
    <message>
        <source>A click or stroke lies outside the image</source>
        <translation>Ein Klick oder Strich liegt außerhalb des Bildes</translation>
    </message>
    <message>
        <source>Click inside the picture</source>
        <translation>Innerhalb des Bildes klicken</translation>
    </message>
    <message>
        <source>A stroke needs at least one point of three finite coordinates</source>
        <translation>Ein Strich braucht mindestens einen Punkt aus drei endlichen Koordinaten</translation>
    </message>
    <message>
        <source>Landmarks</source>
        <translation>Landmarken</translation>
    </message>
    <message>
        <source>Delete all</source>
        <translation>Alle löschen</translation>
    </message>
    <message>
        <source>Place of the point, x y z in mm</source>
        <translation>Ort des Punktes, x y z in mm</translation>
    </message>
    <message>
        <source>Place, mm</source>
        <translation>Ort, mm</translation>
    </message>
    <message>
        <source>Click again</source>
        <translation>Noch einmal klicken</translation>
    </message>
    <message>
        <source>Stop placing</source>
        <translation>Setzen beenden</translation>
    </message>
    <message>
        <source>Place points</source>
        <translation>Punkte setzen</translation>
    </message>
    <message>
        <source>From vessels</source>
        <translation>Aus den Gefäßen</translation>
    </message>
    <message>
        <source>Looking for landmarks</source>
        <translation>Landmarken werden gesucht</translation>
    </message>
    <message>
        <source>The vessels tell none of the points.</source>
        <translation>Die Gefäße verraten keinen der Punkte.</translation>
    </message>
    <message>
        <source>Type three numbers in mm: x to the left, y to the back, z to the head</source>
        <translation>Drei Zahlen in mm eingeben: x nach links, y nach hinten, z zum Kopf</translation>
    </message>
    <message>
        <source>{left} of 8 points are missing: click a row to place it.</source>
        <translation>{left} von 8 Punkten fehlen: eine Zeile anklicken, um ihn zu setzen.</translation>
    </message>
    <message>
        <source>Drag a point to move it; the segments follow.</source>
        <translation>Einen Punkt ziehen, um ihn zu verschieben; die Segmente folgen.</translation>
    </message>
    <message>
        <source>click it</source>
        <translation>anklicken</translation>
    </message>
    <message>
        <source>set</source>
        <comment>a point</comment>
        <translation>gesetzt</translation>
    </message>
    <message>
        <source>No stroke says where the tumour is</source>
        <translation>Kein Strich sagt, wo der Tumor ist</translation>
    </message>
    <message>
        <source>Click into the tumour or draw a line across it</source>
        <translation>In den Tumor klicken oder eine Linie quer hindurch ziehen</translation>
    </message>
    <message>
        <source>The liver lies on another grid than the image</source>
        <translation>Die Leber liegt auf einem anderen Gitter als das Bild</translation>
    </message>
    <message>
        <source>Segment it on this image</source>
        <translation>Auf diesem Bild segmentieren</translation>
    </message>
    <message>
        <source>There is no liver tissue round the stroke</source>
        <translation>Um den Strich ist kein Lebergewebe</translation>
    </message>
    <message>
        <source>The tumour&apos;s {own_hu} HU hardly differ from the liver&apos;s {around_hu}: its shape is mostly the ellipsoid of the strokes</source>
        <translation>Die {own_hu} HU des Tumors unterscheiden sich kaum von den {around_hu} der Leber: seine Form ist vor allem das Ellipsoid der Striche</translation>
    </message>
    <message>
        <source>Nothing was found under the stroke: draw a line across the tumour</source>
        <translation>Unter dem Strich wurde nichts gefunden: eine Linie quer durch den Tumor ziehen</translation>
    </message>
    <message>
        <source>There is no liver to look for vessels in</source>
        <translation>Es gibt keine Leber, in der Gefäße gesucht werden könnten</translation>
    </message>
    <message>
        <source>Segment the liver first</source>
        <translation>Zuerst die Leber segmentieren</translation>
    </message>
    <message>
        <source>The drawn line is too short for a cut</source>
        <translation>Die gezeichnete Linie ist zu kurz für einen Schnitt</translation>
    </message>
    <message>
        <source>Draw it across the capsule</source>
        <translation>Quer über die Kapsel zeichnen</translation>
    </message>
    <message>
        <source>A net of {shape} × {shape2} cannot be used</source>
        <translation>Ein Netz von {shape} × {shape2} kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>Choose {smallest_net} to {largest_net}</source>
        <translation>{smallest_net} bis {largest_net} wählen</translation>
    </message>
    <message>
        <source>The drawn line is straight and runs through the middle</source>
        <translation>Die gezeichnete Linie ist gerade und läuft durch die Mitte</translation>
    </message>
    <message>
        <source>Draw a curve</source>
        <translation>Eine Kurve zeichnen</translation>
    </message>
    <message>
        <source>{left} ml of the final remnant lie in the occluded territory: without portal inflow</source>
        <translation>{left} ml des endgültigen Rests liegen im verschlossenen Gebiet: ohne Zufluss aus der Pfortader</translation>
    </message>
    <message>
        <source>Nothing can be occluded without a portal tree</source>
        <translation>Ohne Pfortaderbaum kann nichts verschlossen werden</translation>
    </message>
    <message>
        <source>Name the portal vein</source>
        <translation>Die Pfortader nennen</translation>
    </message>
    <message>
        <source>The branches are</source>
        <translation>Die Äste sind</translation>
    </message>
    <message>
        <source>Nothing is done at stage 1</source>
        <translation>In Schritt 1 geschieht nichts</translation>
    </message>
    <message>
        <source>There is no portal branch &apos;{name}&apos;</source>
        <translation>Es gibt keinen Pfortaderast &apos;{name}&apos;</translation>
    </message>
    <message>
        <source>An occlusion names at least one portal branch</source>
        <translation>Ein Verschluss nennt mindestens einen Pfortaderast</translation>
    </message>
    <message>
        <source>An occlusion &apos;{way}&apos; is not known</source>
        <translation>Ein Verschluss &apos;{way}&apos; ist nicht bekannt</translation>
    </message>
    <message>
        <source>Choose {join}</source>
        <translation>{join} wählen</translation>
    </message>
    <message>
        <source>A plan has stages 1 and 2, not {stage}</source>
        <translation>Ein Plan hat die Schritte 1 und 2, nicht {stage}</translation>
    </message>
    <message>
        <source>Give --stage 1 or --stage 2</source>
        <translation>--stage 1 oder --stage 2 angeben</translation>
    </message>
    <message>
        <source>Surfaces are read as LPS millimetres; check the file</source>
        <translation>Oberflächen werden in LPS-Millimetern gelesen; die Datei prüfen</translation>
    </message>
    <message>
        <source>It would meet it if its x and y were turned: write it as LPS, not RAS</source>
        <translation>Mit umgekehrtem x und y würde sie ihn treffen: als LPS schreiben, nicht als RAS</translation>
    </message>
    <message>
        <source>The surface does not meet the organ</source>
        <translation>Die Oberfläche trifft das Organ nicht</translation>
    </message>
    <message>
        <source>The surface has no triangles</source>
        <translation>Die Oberfläche hat keine Dreiecke</translation>
    </message>
    <message>
        <source>Choose another file</source>
        <translation>Eine andere Datei wählen</translation>
    </message>
    <message>
        <source>The surface has {len} triangles</source>
        <translation>Die Oberfläche hat {len} Dreiecke</translation>
    </message>
    <message>
        <source>Make it coarser than {most_triangles}</source>
        <translation>Auf weniger als {most_triangles} vergröbern</translation>
    </message>
    <message>
        <source>The surface holds no voxel of the organ</source>
        <translation>Die Oberfläche enthält kein Voxel des Organs</translation>
    </message>
    <message>
        <source>Check where it lies and its size</source>
        <translation>Ort und Größe prüfen</translation>
    </message>
    <message>
        <source>The surface is only {width} mm wide: it seems to be in metres</source>
        <translation>Die Oberfläche ist nur {width} mm breit: sie scheint in Metern zu sein</translation>
    </message>
    <message>
        <source>Write it in millimetres</source>
        <translation>In Millimetern schreiben</translation>
    </message>
    <message>
        <source>It would meet it if it were in centimetres: write it in millimetres</source>
        <translation>In Zentimetern würde sie es treffen: in Millimetern schreiben</translation>
    </message>
    <message>
        <source>The surface ends or has a hole inside the organ, near {text_place}</source>
        <translation>Die Oberfläche endet im Organ oder hat dort ein Loch, nahe {text_place}</translation>
    </message>
    <message>
        <source>Close the hole, or make it reach beyond the organ</source>
        <translation>Das Loch schließen oder über das Organ hinausreichen lassen</translation>
    </message>
    <message>
        <source>The surface is closed but for a hole near {text_place}: it has no side to remove</source>
        <translation>Die Oberfläche ist bis auf ein Loch nahe {text_place} geschlossen: sie hat keine Seite zum Entfernen</translation>
    </message>
    <message>
        <source>Close the hole</source>
        <translation>Das Loch schließen</translation>
    </message>
    <message>
        <source>The surface encloses nothing of the organ</source>
        <translation>Die Oberfläche umschließt nichts vom Organ</translation>
    </message>
    <message>
        <source>Check that it is in LPS mm</source>
        <translation>Prüfen, ob sie in LPS-mm ist</translation>
    </message>
    <message>
        <source>The surface has {len} parts that do not hang together</source>
        <translation>Die Oberfläche hat {len} Teile, die nicht zusammenhängen</translation>
    </message>
    <message>
        <source>Repair it and try again</source>
        <translation>Reparieren und noch einmal versuchen</translation>
    </message>
    <message>
        <source>The surface crosses itself: what it encloses cannot be said</source>
        <translation>Die Oberfläche kreuzt sich selbst: was sie umschließt, ist nicht zu sagen</translation>
    </message>
    <message>
        <source>The surface does not part the organ in two: both its sides meet near {where}</source>
        <translation>Die Oberfläche teilt das Organ nicht in zwei: ihre beiden Seiten treffen sich nahe {where}</translation>
    </message>
    <message>
        <source>Give one surface that cuts right through</source>
        <translation>Eine Oberfläche angeben, die ganz hindurchschneidet</translation>
    </message>
    <message>
        <source>The {kind} structures hold no vessel that a tree can be made of</source>
        <translation>Die {kind}-Strukturen enthalten kein Gefäß, aus dem ein Baum werden kann</translation>
    </message>
    <message>
        <source>{left} loose pieces of the {kind} tree shorter than {least_piece_mm} mm are left out</source>
        <translation>{left} lose Stücke des {kind}-Baums, kürzer als {least_piece_mm} mm, entfallen</translation>
    </message>
    <message>
        <source>The {kind} structures hold no connected vessel of {least_piece_mm} mm</source>
        <translation>Die {kind}-Strukturen enthalten kein zusammenhängendes Gefäß von {least_piece_mm} mm</translation>
    </message>
    <message>
        <source>No {kind} tree is given: territories, cut vessels and the viable remnant leave it out</source>
        <translation>Kein {kind}-Baum ist angegeben: Territorien, durchtrennte Gefäße und funktionelles Restvolumen lassen ihn aus</translation>
    </message>
    <message>
        <source>The hepatic veins come without the vena cava: they were taken to meet it where they are thick, at {places}; name the cava as a hepatic structure, or set the root</source>
        <translation>Die Lebervenen kommen ohne Hohlvene: angenommen wurde, dass sie sie dort treffen, wo sie dick sind, bei {places}; die Hohlvene als Lebervenenstruktur nennen oder die Wurzel setzen</translation>
    </message>
    <message>
        <source>Both trees lie in one structure, and where the portal trunk and the vena cava enter could not be found: click on each once</source>
        <translation>Beide Bäume liegen in einer Struktur, und wo Pfortaderstamm und Hohlvene eintreten, wurde nicht gefunden: auf jeden einmal klicken</translation>
    </message>
    <message>
        <source>{len} branch{x} of the {kind} tree may belong elsewhere: look at {places}{more}</source>
        <translation>{len} Ast/Äste{x} des {kind}-Baums gehören vielleicht anderswohin: {places}{more} ansehen</translation>
    </message>
    <message>
        <source>Both trees lie in one structure; their roots were chosen by position: check that {text_place} is the portal trunk and {text_place2} the vena cava</source>
        <translation>Beide Bäume liegen in einer Struktur; ihre Wurzeln wurden nach der Lage gewählt: prüfen, dass {text_place} der Pfortaderstamm und {text_place2} die Hohlvene ist</translation>
    </message>
    <message>
        <source>Portal and hepatic veins touch in {len} places, where they were cut apart: {places_text}{more}</source>
        <translation>Pfortader und Lebervenen berühren sich an {len} Stellen, wo sie getrennt wurden: {places_text}{more}</translation>
    </message>
    <message>
        <source>Pieces of vessel that touch neither tree are left out; join them by a click</source>
        <translation>Gefäßstücke, die keinen Baum berühren, entfallen; mit einem Klick verbinden</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; has {specks} speck{x} of fewer than {least_voxels} voxels: counted in the volumes, too small to be tumours</source>
        <translation>&apos;{name}&apos; hat {specks} Sprenkel{x} mit weniger als {least_voxels} Voxeln: in den Volumen gezählt, zu klein für Tumoren</translation>
    </message>
    <message>
        <source>T{number} touches the scan&apos;s edge: what lies beyond it is not measured</source>
        <translation>T{number} berührt den Rand des Scans: was jenseits liegt, ist nicht gemessen</translation>
    </message>
    <message>
        <source>No click says which vessels are meant</source>
        <translation>Kein Klick sagt, welche Gefäße gemeint sind</translation>
    </message>
    <message>
        <source>Click on the portal trunk and on a hepatic vein</source>
        <translation>Auf den Pfortaderstamm und auf eine Lebervene klicken</translation>
    </message>
    <message>
        <source>The click lies on no vessel that was found</source>
        <translation>Der Klick liegt auf keinem gefundenen Gefäß</translation>
    </message>
    <message>
        <source>Click into a bright vessel of the liver</source>
        <translation>In ein helles Gefäß der Leber klicken</translation>
    </message>
    <message>
        <source>{standard_names} (BSA by {surface_names})</source>
        <translation>{standard_names} (KOF nach {surface_names})</translation>
    </message>
    <message>
        <source>A body {name} of {value} {unit} cannot be used</source>
        <translation>Ein {name} von {value} {unit} kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>Give {limits} to {limits2} {unit}</source>
        <translation>{limits} bis {limits2} {unit} angeben</translation>
    </message>
    <message>
        <source>The standardised remnant needs the patient&apos;s weight and height</source>
        <translation>Das standardisierte Restvolumen braucht Gewicht und Größe des Patienten</translation>
    </message>
    <message>
        <source>The remnant is {to_weight} % of the body weight, below {small_remnant_to_body_weight_percent} %</source>
        <translation>Der Rest ist {to_weight} % des Körpergewichts, unter {small_remnant_to_body_weight_percent} %</translation>
    </message>
    <message>
        <source>A formula &apos;{name}&apos; of the {what} is not known</source>
        <translation>Eine Formel &apos;{name}&apos; für {what} ist nicht bekannt</translation>
    </message>
    <message>
        <source>Body surface {surface} m² lies outside {low}–{high} m², for which the standard liver volume was fitted</source>
        <translation>Die Körperoberfläche {surface} m² liegt außerhalb {low}–{high} m², wofür das Standardvolumen der Leber bestimmt wurde</translation>
    </message>
    <message>
        <source>No way out spares {names} at this margin</source>
        <translation>Kein Ausweg schont {names} bei diesem Resektionsrand</translation>
    </message>
    <message>
        <source>Ask for less margin, or give that vessel up</source>
        <translation>Weniger Resektionsrand verlangen oder dieses Gefäß aufgeben</translation>
    </message>
    <message>
        <source>the largest margin that spares it is {largest} mm</source>
        <translation>der größte Resektionsrand, der es schont, ist {largest} mm</translation>
    </message>
    <message>
        <source>it touches the tumour, or nearly</source>
        <translation>es berührt den Tumor, oder fast</translation>
    </message>
    <message>
        <source>The region is outside the scan</source>
        <translation>Der Bereich liegt außerhalb des Scans</translation>
    </message>
    <message>
        <source>Draw it on the image</source>
        <translation>Auf dem Bild zeichnen</translation>
    </message>
    <message>
        <source>Click on the image</source>
        <translation>Auf das Bild klicken</translation>
    </message>
    <message>
        <source>{name} follows from the points</source>
        <translation>{name} folgt aus den Punkten</translation>
    </message>
    <message>
        <source>Move the points</source>
        <translation>Die Punkte verschieben</translation>
    </message>
    <message>
        <source>{name} lies between {low} and {high}{of}</source>
        <translation>{name} liegt zwischen {low} und {high}{of}</translation>
    </message>
    <message>
        <source>Type another number</source>
        <translation>Eine andere Zahl eingeben</translation>
    </message>
    <message>
        <source>The least width is above the greatest</source>
        <translation>Die kleinste Weite liegt über der größten</translation>
    </message>
    <message>
        <source>Type the other one first</source>
        <translation>Zuerst die andere eingeben</translation>
    </message>
    <message>
        <source>A surface has points that are not finite</source>
        <translation>Eine Oberfläche hat Punkte, die nicht endlich sind</translation>
    </message>
    <message>
        <source>A surface&apos;s triangles name points that do not exist</source>
        <translation>Die Dreiecke einer Oberfläche nennen Punkte, die es nicht gibt</translation>
    </message>
    <message>
        <source>A surface has not one normal for each of its points</source>
        <translation>Eine Oberfläche hat nicht für jeden ihrer Punkte eine Normale</translation>
    </message>
    <message>
        <source>There is no contrast here ({lumen} HU in the middle, {outside} HU around)</source>
        <translation>Hier ist kein Kontrast ({lumen} HU in der Mitte, {outside} HU ringsum)</translation>
    </message>
    <message>
        <source>Choose a place inside the lumen</source>
        <translation>Eine Stelle im Lumen wählen</translation>
    </message>
    <message>
        <source>Nothing is printed to &apos;{x}&apos; in this version</source>
        <translation>In dieser Version wird nichts nach &apos;{x}&apos; gedruckt</translation>
    </message>
    <message>
        <source>Use .3mf, .stl, .obj, .ply or .glb</source>
        <translation type="vanished">.3mf, .stl, .obj, .ply oder .glb nehmen</translation>
    </message>
    <message>
        <source>Pegs join the two halves of a cut</source>
        <translation>Zapfen verbinden die beiden Hälften eines Schnitts</translation>
    </message>
    <message>
        <source>Give --cut too</source>
        <translation type="vanished">Auch --cut angeben</translation>
    </message>
    <message>
        <source>A tolerance of {tolerance_mm} mm is too coarse for a model</source>
        <translation>Eine Toleranz von {tolerance_mm} mm ist zu grob für ein Modell</translation>
    </message>
    <message>
        <source>Use 5 mm or less</source>
        <translation type="vanished">5 mm oder weniger nehmen</translation>
    </message>
    <message>
        <source>{name}: the model holds {x} % of the planned volume.</source>
        <translation type="vanished">{name}: das Modell enthält {x} % des geplanten Volumens.</translation>
    </message>
    <message>
        <source>{name}: the surface is not one closed solid. Check it in the slicer.</source>
        <translation>{name}: die Oberfläche ist kein geschlossener Körper. Im Slicer prüfen.</translation>
    </message>
    <message>
        <source>{name}: {row} separate pieces.</source>
        <translation>{name}: {row} getrennte Stücke.</translation>
    </message>
    <message>
        <source>{name} does not fit the printer&apos;s bed.</source>
        <translation>{name} passt nicht auf das Druckbett.</translation>
    </message>
    <message>
        <source>{name}: nowhere thick enough for a wall of {hollow_mm} mm, left solid.</source>
        <translation type="vanished">{name}: nirgends dick genug für eine Wand von {hollow_mm} mm, massiv gelassen.</translation>
    </message>
    <message>
        <source>{name}: the surface is not one closed solid and was not cut.</source>
        <translation>{name}: die Oberfläche ist kein geschlossener Körper und wurde nicht geschnitten.</translation>
    </message>
    <message>
        <source>{name}: the cut has room for {len} of {len2} pegs.</source>
        <translation type="vanished">{name}: der Schnitt hat Platz für {len} von {len2} Zapfen.</translation>
    </message>
    <message>
        <source>{name}: the hollow is closed. Resin and powder need holes to get out; filament does not.</source>
        <translation>{name}: der Hohlraum ist geschlossen. Harz und Pulver brauchen Löcher, um herauszukommen; Filament nicht.</translation>
    </message>
    <message>
        <source>The surface is not a closed solid</source>
        <translation>Die Oberfläche ist kein geschlossener Körper</translation>
    </message>
    <message>
        <source>Correct the structure and print it again</source>
        <translation>Die Struktur korrigieren und neu drucken</translation>
    </message>
    <message>
        <source>Printed model: {len} thin place(s) were accepted as they are, down to {measure} mm where {x} mm are asked.</source>
        <translation>Gedrucktes Modell: {len} dünne Stelle(n) wurden so übernommen, bis {measure} mm, wo {x} mm gefordert sind.</translation>
    </message>
    <message>
        <source>Printed model: {len} loose part(s) were accepted as they are, {volume} ml in all.</source>
        <translation>Gedrucktes Modell: {len} lose(s) Teil(e) wurden so übernommen, zusammen {volume} ml.</translation>
    </message>
    <message>
        <source>Printed model: {others} other fault(s) were accepted as they are.</source>
        <translation>Gedrucktes Modell: {others} andere Mängel wurden so übernommen.</translation>
    </message>
    <message>
        <source>The case refers to the scanner&apos;s own images, which are not written again</source>
        <translation>Der Fall verweist auf die Bilder des Geräts, die nicht noch einmal geschrieben werden</translation>
    </message>
    <message>
        <source>Leave --image out</source>
        <translation>--image weglassen</translation>
    </message>
    <message>
        <source>Plan first: theatrum tavr, vessel, liver or kidney</source>
        <translation>Zuerst planen: theatrum tavr, vessel, liver oder kidney</translation>
    </message>
    <message>
        <source>Add structures first: theatrum labels CASE add FILE</source>
        <translation>Zuerst Strukturen hinzufügen: theatrum labels CASE add FILE</translation>
    </message>
    <message>
        <source>{name} holds files already</source>
        <translation>{name} enthält schon Dateien</translation>
    </message>
    <message>
        <source>Choose another folder or use --force</source>
        <translation>Einen anderen Ordner wählen oder --force angeben</translation>
    </message>
    <message>
        <source>{name} holds other files than DICOM, so it is not replaced</source>
        <translation type="vanished">{name} enthält andere Dateien als DICOM und wird deshalb nicht ersetzt</translation>
    </message>
    <message>
        <source>The image&apos;s values are not whole numbers; they are written in steps of {step}.</source>
        <translation>Die Werte des Bildes sind keine ganzen Zahlen; sie werden in Schritten von {step} geschrieben.</translation>
    </message>
    <message>
        <source>No structure of this case lies on its image</source>
        <translation>Keine Struktur dieses Falls liegt auf seinem Bild</translation>
    </message>
    <message>
        <source>Leave out what is made of structures</source>
        <translation>Weglassen, was aus Strukturen gemacht wird</translation>
    </message>
    <message>
        <source>This case has no structures and no plans</source>
        <translation>Dieser Fall hat keine Strukturen und keine Pläne</translation>
    </message>
    <message>
        <source>Add structures or make a plan first</source>
        <translation>Zuerst Strukturen hinzufügen oder planen</translation>
    </message>
    <message>
        <source>This case has nothing for --{kind}</source>
        <translation>Dieser Fall hat nichts für --{kind}</translation>
    </message>
    <message>
        <source>The image has {len} phases; the objects refer to the images of {label}.</source>
        <translation>Das Bild hat {len} Phasen; die Objekte verweisen auf die Bilder von {label}.</translation>
    </message>
    <message>
        <source>{name} is empty and left out.</source>
        <translation>{name} ist leer und wird weggelassen.</translation>
    </message>
    <message>
        <source>{name} lies on another image&apos;s grid and is left out.</source>
        <translation>{name} liegt auf dem Raster eines anderen Bildes und wird weggelassen.</translation>
    </message>
    <message>
        <source>{name} is itself read here</source>
        <translation>{name} wird hier selbst gelesen</translation>
    </message>
    <message>
        <source>Choose another name for the case</source>
        <translation>Einen anderen Namen für den Fall wählen</translation>
    </message>
    <message>
        <source>{name} is no case, so it is not replaced</source>
        <translation>{name} ist kein Fall und wird deshalb nicht ersetzt</translation>
    </message>
    <message>
        <source>{name} holds no closed contours</source>
        <translation>{name} enthält keine geschlossenen Konturen</translation>
    </message>
    <message>
        <source>Name an RTSTRUCT with contours</source>
        <translation>Ein RTSTRUCT mit Konturen angeben</translation>
    </message>
    <message>
        <source>The contours of {name} lie on other planes than the image&apos;s slices ({apart})</source>
        <translation>Die Konturen von {name} liegen in anderen Ebenen als die Schichten des Bildes ({apart})</translation>
    </message>
    <message>
        <source>Use --resample to take the nearest contour for each slice</source>
        <translation>Mit --resample für jede Schicht die nächste Kontur nehmen</translation>
    </message>
    <message>
        <source>{name} is damaged in its contours</source>
        <translation>Die Konturen in {name} sind beschädigt</translation>
    </message>
    <message>
        <source>Ask for the file again</source>
        <translation>Die Datei noch einmal anfordern</translation>
    </message>
    <message>
        <source>contours beyond what a structure can have</source>
        <translation>mehr Konturen, als eine Struktur haben kann</translation>
    </message>
    <message>
        <source>The contours of {name} are not parallel to the image&apos;s slices</source>
        <translation>Die Konturen von {name} sind nicht parallel zu den Schichten des Bildes</translation>
    </message>
    <message>
        <source>Choose the scan they were drawn on</source>
        <translation>Die Aufnahme wählen, auf der sie gezeichnet wurden</translation>
    </message>
    <message>
        <source>The contours of {name} reach beyond the image</source>
        <translation>Die Konturen von {name} reichen über das Bild hinaus</translation>
    </message>
    <message>
        <source>Name a DICOM SEG file or RTSTRUCT</source>
        <translation>Eine Datei DICOM SEG oder RTSTRUCT angeben</translation>
    </message>
    <message>
        <source>{name} has no grid of its own</source>
        <translation>{name} hat kein eigenes Raster</translation>
    </message>
    <message>
        <source>Add it to a case: theatrum labels CASE add FILE</source>
        <translation>Zu einem Fall hinzufügen: theatrum labels CASE add FILE</translation>
    </message>
    <message>
        <source>The surface in {name} is not in millimetres</source>
        <translation>Die Oberfläche in {name} ist nicht in Millimetern</translation>
    </message>
    <message>
        <source>The surface in {name} is not closed</source>
        <translation>Die Oberfläche in {name} ist nicht geschlossen</translation>
    </message>
    <message>
        <source>Write a closed surface</source>
        <translation>Eine geschlossene Oberfläche schreiben</translation>
    </message>
    <message>
        <source>The surface in {name} reaches beyond the image</source>
        <translation>Die Oberfläche in {name} reicht über das Bild hinaus</translation>
    </message>
    <message>
        <source>Choose the scan it was made on</source>
        <translation>Die Aufnahme wählen, auf der sie gemacht wurde</translation>
    </message>
    <message>
        <source>Use NIfTI, NRRD, MHA, DICOM SEG or RTSTRUCT</source>
        <translation type="vanished">NIfTI, NRRD, MHA, DICOM SEG oder RTSTRUCT verwenden</translation>
    </message>
    <message>
        <source>{name} is no structured report</source>
        <translation>{name} ist kein strukturierter Befund</translation>
    </message>
    <message>
        <source>Name a DICOM SR file</source>
        <translation>Eine Datei DICOM SR angeben</translation>
    </message>
    <message>
        <source>items within items without end</source>
        <translation>Elemente in Elementen ohne Ende</translation>
    </message>
    <message>
        <source>{name} is no DICOM file that can be read</source>
        <translation>{name} ist keine lesbare DICOM-Datei</translation>
    </message>
    <message>
        <source>Name a structured report</source>
        <translation>Einen strukturierten Befund angeben</translation>
    </message>
    <message>
        <source>{name} is damaged in its content</source>
        <translation>Der Inhalt von {name} ist beschädigt</translation>
    </message>
    <message>
        <source>The image is neither CT nor MR ({x}), so no series of it can be written</source>
        <translation>Das Bild ist weder CT noch MR ({x}), deshalb kann keine Serie davon geschrieben werden</translation>
    </message>
    <message>
        <source>Import the scan as DICOM with --keep-identifiers, so that results refer to it</source>
        <translation>Die Aufnahme als DICOM mit --keep-identifiers importieren, damit Ergebnisse auf sie verweisen</translation>
    </message>
    <message>
        <source>Choose a folder for -o</source>
        <translation>Für -o einen Ordner wählen</translation>
    </message>
    <message>
        <source>{name} is there already</source>
        <translation>{name} gibt es schon</translation>
    </message>
    <message>
        <source>Choose another folder, or replace it with --force</source>
        <translation>Einen anderen Ordner wählen oder ihn mit --force ersetzen</translation>
    </message>
    <message>
        <source>The folder {name} is not there</source>
        <translation>Den Ordner {name} gibt es nicht</translation>
    </message>
    <message>
        <source>its pixels cannot be read</source>
        <translation>ihre Pixel sind nicht lesbar</translation>
    </message>
    <message>
        <source>{many} of a head: its surface shows a face. --deface takes it away.</source>
        <translation>{many} von einem Kopf: Die Oberfläche zeigt ein Gesicht. --deface entfernt es.</translation>
    </message>
    <message>
        <source>No series says that it is of a head; nothing was taken away.</source>
        <translation>Keine Serie nennt sich Aufnahme eines Kopfes; nichts wurde entfernt.</translation>
    </message>
    <message>
        <source>Pictures that may have names drawn into them were kept: look at each of them.</source>
        <translation>Bilder, in die Namen gezeichnet sein können, wurden behalten: Jedes davon ansehen.</translation>
    </message>
    <message>
        <source>The output lies in the input, or the input in it</source>
        <translation>Die Ausgabe liegt in der Eingabe oder die Eingabe in ihr</translation>
    </message>
    <message>
        <source>Choose another folder for -o</source>
        <translation>Für -o einen anderen Ordner wählen</translation>
    </message>
    <message>
        <source>A series of a head was left out, its face cannot be taken away: {reason}.</source>
        <translation>Eine Serie eines Kopfes wurde weggelassen, ihr Gesicht lässt sich nicht entfernen: {reason}.</translation>
    </message>
    <message>
        <source>No series is left: no face could be taken away</source>
        <translation>Keine Serie bleibt übrig: Kein Gesicht ließ sich entfernen</translation>
    </message>
    <message>
        <source>Leave --deface out</source>
        <translation>--deface weglassen</translation>
    </message>
    <message>
        <source>{name} holds other files too</source>
        <translation>{name} enthält auch andere Dateien</translation>
    </message>
    <message>
        <source>only series of single slices are done</source>
        <translation>nur Serien aus einzelnen Schichten gehen</translation>
    </message>
    <message>
        <source>it is not one volume</source>
        <translation>sie ist nicht ein Volumen</translation>
    </message>
    <message>
        <source>its slices do not lie evenly and straight</source>
        <translation>ihre Schichten liegen nicht gerade und gleichmäßig</translation>
    </message>
    <message>
        <source>its values cannot be told</source>
        <translation>ihre Werte sind nicht bestimmbar</translation>
    </message>
    <message>
        <source>too many files have its number</source>
        <translation>zu viele Dateien haben ihre Nummer</translation>
    </message>
    <message>
        <source>it is too large</source>
        <translation>sie ist zu groß</translation>
    </message>
    <message>
        <source>it is a directory</source>
        <translation>sie ist ein Verzeichnis</translation>
    </message>
    <message>
        <source>its kind is not known</source>
        <translation>ihre Art ist nicht bekannt</translation>
    </message>
    <message>
        <source>it is raw data</source>
        <translation>sie enthält Rohdaten</translation>
    </message>
    <message>
        <source>its bytes cannot be checked</source>
        <translation>ihre Bytes sind nicht prüfbar</translation>
    </message>
    <message>
        <source>it is a document</source>
        <translation>sie ist ein Dokument</translation>
    </message>
    <message>
        <source>it is a report</source>
        <translation>sie ist ein Bericht</translation>
    </message>
    <message>
        <source>words may be drawn into it</source>
        <translation>Wörter können hineingezeichnet sein</translation>
    </message>
    <message>
        <source>its pixels are no bytes</source>
        <translation>ihre Pixel sind keine Bytes</translation>
    </message>
    <message>
        <source>its pixels are of no usual size</source>
        <translation>ihre Pixel haben keine übliche Größe</translation>
    </message>
    <message>
        <source>it has no number of its own</source>
        <translation>sie hat keine eigene Nummer</translation>
    </message>
    <message>
        <source>the scan ends above the face</source>
        <translation>die Aufnahme endet über dem Gesicht</translation>
    </message>
    <message>
        <source>the brows are not found</source>
        <translation>die Brauen wurden nicht gefunden</translation>
    </message>
    <message>
        <source>no head is found in it</source>
        <translation>kein Kopf wurde darin gefunden</translation>
    </message>
    <message>
        <source>the crown of the head is not in the scan</source>
        <translation>der Scheitel liegt nicht in der Aufnahme</translation>
    </message>
    <message>
        <source>what is highest in it is no head ({length} by {width} mm)</source>
        <translation>was darin am höchsten liegt, ist kein Kopf ({length} mal {width} mm)</translation>
    </message>
    <message>
        <source>no face is found in it</source>
        <translation>kein Gesicht wurde darin gefunden</translation>
    </message>
    <message>
        <source>too much of the head would go with the face</source>
        <translation>mit dem Gesicht ginge zu viel vom Kopf verloren</translation>
    </message>
    <message>
        <source>a head whose face could not be taken away</source>
        <translation>ein Kopf, dessen Gesicht sich nicht entfernen ließ</translation>
    </message>
    <message>
        <source>Check the name of the report</source>
        <translation>Den Namen des Befunds prüfen</translation>
    </message>
    <message>
        <source>Name a surface file</source>
        <translation>Eine Oberflächendatei nennen</translation>
    </message>
    <message>
        <source>{name} is larger than 2 GB</source>
        <translation>{name} ist größer als 2 GB</translation>
    </message>
    <message>
        <source>Use fewer triangles</source>
        <translation>Weniger Dreiecke verwenden</translation>
    </message>
    <message>
        <source>{name} is damaged and cannot be read</source>
        <translation>{name} ist beschädigt und kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>Ask for the file again, or write it again</source>
        <translation>Die Datei neu anfordern oder neu schreiben</translation>
    </message>
    <message>
        <source>{name} is damaged or no GLB file</source>
        <translation>{name} ist beschädigt oder keine GLB-Datei</translation>
    </message>
    <message>
        <source>{name} refers to other files</source>
        <translation>{name} verweist auf andere Dateien</translation>
    </message>
    <message>
        <source>Write it as one file</source>
        <translation>Als eine Datei schreiben</translation>
    </message>
    <message>
        <source>{name} is damaged or no USDZ file</source>
        <translation>{name} ist beschädigt oder keine USDZ-Datei</translation>
    </message>
    <message>
        <source>Use one of {known}</source>
        <translation>Eine von {known} verwenden</translation>
    </message>
    <message>
        <source>Draco packs .glb files, not &apos;{ending}&apos;</source>
        <translation>Draco packt .glb-Dateien, nicht „{ending}“</translation>
    </message>
    <message>
        <source>Write a .glb, or write it unpacked</source>
        <translation>Eine .glb schreiben, oder ungepackt schreiben</translation>
    </message>
    <message>
        <source>Plan {beaten_by} is no worse in margin, remnant and tumours left, and better in at least one of them.</source>
        <translation>Plan {beaten_by} ist in Rand, Restleber und verbleibenden Tumoren nicht schlechter und in mindestens einem davon besser.</translation>
    </message>
    <message>
        <source>keeps {abs} % {x} of the liver</source>
        <translation>behält {abs} % der Leber {x}</translation>
    </message>
    <message>
        <source>{words} of segment {number}</source>
        <translation>{words} von Segment {number}</translation>
    </message>
    <message>
        <source>gives no reason that is known</source>
        <translation>nennt keinen bekannten Grund</translation>
    </message>
    <message>
        <source>{name} did not answer for what it was sent within {within_s} s</source>
        <translation>{name} hat innerhalb von {within_s} s nicht für das Gesendete geantwortet</translation>
    </message>
    <message>
        <source>Have its administrator add &apos;{title}&apos; with this computer&apos;s address and port {port}</source>
        <translation>Die Verwaltung des Archivs soll „{title}“ mit der Adresse dieses Rechners und dem Port {port} eintragen</translation>
    </message>
    <message>
        <source>A study is fetched by its number</source>
        <translation>Eine Studie wird mit ihrer Nummer geholt</translation>
    </message>
    <message>
        <source>Give --study; theatrum pacs find tells it</source>
        <translation>--study angeben; theatrum pacs find nennt sie</translation>
    </message>
    <message>
        <source>The archive has nothing like this</source>
        <translation>Das Archiv hat nichts dergleichen</translation>
    </message>
    <message>
        <source>Check --study, --series and --modality</source>
        <translation>--study, --series und --modality prüfen</translation>
    </message>
    <message>
        <source>The archive has no such image in this study</source>
        <translation>Das Archiv hat kein solches Bild in dieser Studie</translation>
    </message>
    <message>
        <source>Check --image</source>
        <translation>--image prüfen</translation>
    </message>
    <message>
        <source>Nothing can be received at {address}:{port} ({x})</source>
        <translation>Unter {address}:{port} kann nichts empfangen werden ({x})</translation>
    </message>
    <message>
        <source>Choose another port, or end the program that has it</source>
        <translation>Einen anderen Port wählen oder das Programm beenden, das ihn hat</translation>
    </message>
    <message>
        <source>Known: {known}</source>
        <translation>Bekannt: {known}</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; is no name of a node</source>
        <translation type="vanished">„{name}“ ist kein Name für ein Archiv</translation>
    </message>
    <message>
        <source>Take up to 40 letters, figures, blanks and dots</source>
        <translation>Bis zu 40 Buchstaben, Ziffern, Leerzeichen und Punkte nehmen</translation>
    </message>
    <message>
        <source>&apos;{title}&apos; is no AE title</source>
        <translation type="vanished">„{title}“ ist kein AE-Titel</translation>
    </message>
    <message>
        <source>Take up to 16 ASCII letters and figures</source>
        <translation>Bis zu 16 ASCII-Buchstaben und Ziffern nehmen</translation>
    </message>
    <message>
        <source>{port} is no port</source>
        <translation>{port} ist kein Port</translation>
    </message>
    <message>
        <source>Give a number from 1 to 65535</source>
        <translation>Eine Zahl von 1 bis 65535 angeben</translation>
    </message>
    <message>
        <source>No node is named &apos;{name}&apos;</source>
        <translation type="vanished">Kein Archiv heißt „{name}“</translation>
    </message>
    <message>
        <source>a port is a whole number</source>
        <translation>ein Port ist eine ganze Zahl</translation>
    </message>
    <message>
        <source>A receiving node with TLS needs a certificate of its own</source>
        <translation>Ein Empfänger mit TLS braucht ein eigenes Zertifikat</translation>
    </message>
    <message>
        <source>Give --cert and --key</source>
        <translation>--cert und --key angeben</translation>
    </message>
    <message>
        <source>&apos;{host}&apos; is no host</source>
        <translation type="vanished">„{host}“ ist kein Rechner</translation>
    </message>
    <message>
        <source>Give a name or an address</source>
        <translation>Einen Namen oder eine Adresse angeben</translation>
    </message>
    <message>
        <source>&apos;{url}&apos; is no address</source>
        <translation>„{url}“ ist keine Adresse</translation>
    </message>
    <message>
        <source>Write it like https://archive/dicom-web</source>
        <translation>So schreiben: https://archiv/dicom-web</translation>
    </message>
    <message>
        <source>The list of archives cannot be read ({name}: {error})</source>
        <translation>Die Liste der Archive kann nicht gelesen werden ({name}: {error})</translation>
    </message>
    <message>
        <source>Mend or remove it</source>
        <translation>Ausbessern oder entfernen</translation>
    </message>
    <message>
        <source>The certificates cannot be used ({files}: {x})</source>
        <translation>Die Zertifikate können nicht verwendet werden ({files}: {x})</translation>
    </message>
    <message>
        <source>Give PEM files; the key without a pass-phrase</source>
        <translation>PEM-Dateien angeben; den Schlüssel ohne Passwort</translation>
    </message>
    <message>
        <source>Series are asked for within a study</source>
        <translation>Nach Serien wird innerhalb einer Studie gefragt</translation>
    </message>
    <message>
        <source>Give --study</source>
        <translation>--study angeben</translation>
    </message>
    <message>
        <source>&apos;{value}&apos; cannot be asked for</source>
        <translation>Nach „{value}“ kann nicht gefragt werden</translation>
    </message>
    <message>
        <source>Take printable letters without \</source>
        <translation>Druckbare Zeichen ohne \ nehmen</translation>
    </message>
    <message>
        <source>is not taken in its compression</source>
        <translation>wird in seiner Kompression nicht angenommen</translation>
    </message>
    <message>
        <source>Check the name</source>
        <translation>Den Namen prüfen</translation>
    </message>
    <message>
        <source>{name} ended the connection</source>
        <translation>{name} hat die Verbindung beendet</translation>
    </message>
    <message>
        <source>{said} (status {status}{x})</source>
        <translation>{said} (Status {status}{x})</translation>
    </message>
    <message>
        <source>no agreement on a secured line</source>
        <translation>keine Einigung über eine gesicherte Verbindung</translation>
    </message>
    <message>
        <source>Ask the archive&apos;s administrator</source>
        <translation>Die Verwaltung des Archivs fragen</translation>
    </message>
    <message>
        <source>Check the address and what was asked</source>
        <translation>Die Adresse und das Gefragte prüfen</translation>
    </message>
    <message>
        <source>{name} cannot be trusted or does not trust us ({reason})</source>
        <translation>{name} ist nicht zu trauen, oder es traut uns nicht ({reason})</translation>
    </message>
    <message>
        <source>Check the certificates</source>
        <translation>Die Zertifikate prüfen</translation>
    </message>
    <message>
        <source>{name} refuses it (HTTP {code})</source>
        <translation>{name} lehnt es ab (HTTP {code})</translation>
    </message>
    <message>
        <source>{name} did not answer within {timeout_s} s</source>
        <translation>{name} hat innerhalb von {timeout_s} s nicht geantwortet</translation>
    </message>
    <message>
        <source>{name} cannot be reached</source>
        <translation>{name} ist nicht zu erreichen</translation>
    </message>
    <message>
        <source>Check the address</source>
        <translation>Die Adresse prüfen</translation>
    </message>
    <message>
        <source>{name} answers with what cannot be read</source>
        <translation>{name} antwortet mit etwas, das nicht zu lesen ist</translation>
    </message>
    <message>
        <source>the connection was ended</source>
        <translation>die Verbindung wurde beendet</translation>
    </message>
    <message>
        <source>no answer to the handshake</source>
        <translation>keine Antwort auf den Verbindungsaufbau</translation>
    </message>
    <message>
        <source>{partner} is not known to the network</source>
        <translation>{partner} ist im Netz nicht bekannt</translation>
    </message>
    <message>
        <source>Check the host&apos;s name</source>
        <translation>Den Namen des Rechners prüfen</translation>
    </message>
    <message>
        <source>{partner} does not answer</source>
        <translation>{partner} antwortet nicht</translation>
    </message>
    <message>
        <source>Check address, port and firewall</source>
        <translation>Adresse, Port und Firewall prüfen</translation>
    </message>
    <message>
        <source>{partner} cannot be reached ({said})</source>
        <translation>{partner} ist nicht zu erreichen ({said})</translation>
    </message>
    <message>
        <source>Check address and port</source>
        <translation>Adresse und Port prüfen</translation>
    </message>
    <message>
        <source>{partner} cannot be trusted or does not trust us ({tls_reason})</source>
        <translation>{partner} ist nicht zu trauen, oder es traut uns nicht ({tls_reason})</translation>
    </message>
    <message>
        <source>{name} cannot be read again</source>
        <translation>{name} lässt sich nicht noch einmal lesen</translation>
    </message>
    <message>
        <source>{name}: {holes} holes of {drain_mm} mm let resin or powder out.</source>
        <translation>{name}: {holes} Löcher von {drain_mm} mm lassen Harz oder Pulver heraus.</translation>
    </message>
    <message>
        <source>No vessel is among the parts: no wall was made.</source>
        <translation>Kein Gefäß ist unter den Teilen: keine Wand wurde gemacht.</translation>
    </message>
    <message>
        <source>{name}: nowhere thick enough for a wall of {wall_mm} mm, left solid.</source>
        <translation>{name}: nirgends dick genug für eine Wand von {wall_mm} mm, massiv gelassen.</translation>
    </message>
    <message>
        <source>{name}: {title} wants a wall of {least_hollow_mm} mm round a hollow.</source>
        <translation>{name}: {title} verlangt um einen Hohlraum eine Wand von {least_hollow_mm} mm.</translation>
    </message>
    <message>
        <source>No organ is among the parts: nothing is seen through.</source>
        <translation>Kein Organ ist unter den Teilen: nichts wird durchsichtig.</translation>
    </message>
    <message>
        <source>The plane meets no part: nothing was cut.</source>
        <translation>Die Ebene trifft kein Teil: nichts wurde geschnitten.</translation>
    </message>
    <message>
        <source>{name}: the surface has no room for both R and L.</source>
        <translation>{name}: Die Oberfläche hat nicht für R und L zugleich Platz.</translation>
    </message>
    <message>
        <source>Some letters of the label are not in the program&apos;s font and were left out.</source>
        <translation>Einige Buchstaben der Beschriftung fehlen in der Schrift des Programms und wurden weggelassen.</translation>
    </message>
    <message>
        <source>No vessel ends near {words}: nothing was opened there.</source>
        <translation>Bei {words} endet kein Gefäß: dort wurde nichts geöffnet.</translation>
    </message>
    <message>
        <source>{name}: the wall has no open end. Name ends with --open.</source>
        <translation>{name}: Die Wand hat kein offenes Ende. Enden mit --open nennen.</translation>
    </message>
    <message>
        <source>Nothing is left of {name} round the other parts</source>
        <translation>Von {name} bleibt um die anderen Teile herum nichts übrig</translation>
    </message>
    <message>
        <source>Print it alone</source>
        <translation>Allein drucken</translation>
    </message>
    <message>
        <source>a number that is told in two ways</source>
        <translation>eine Zahl, die auf zwei Weisen angegeben ist</translation>
    </message>
    <message>
        <source>a number without a value</source>
        <translation>eine Zahl ohne Wert</translation>
    </message>
    <message>
        <source>access {get}</source>
        <translation>Zugang {get}</translation>
    </message>
    <message>
        <source>No vessel or room of the heart is among the parts: no wall was made.</source>
        <translation type="vanished">Unter den Teilen ist kein Gefäß und keine Herzhöhle: Es wurde keine Wand gemacht.</translation>
    </message>
    <message>
        <source>Nothing is left of the wall of {name}</source>
        <translation>Von der Wand von {name} bleibt nichts übrig</translation>
    </message>
    <message>
        <source>{name}: cut into {len} pieces that fit the bed.</source>
        <translation>{name}: in {len} Teile zerlegt, die auf das Druckbett passen.</translation>
    </message>
    <message>
        <source>{name}: the cut has room for {placed} of {count} pegs.</source>
        <translation>{name}: Der Schnitt hat Platz für {placed} von {count} Stiften.</translation>
    </message>
    <message>
        <source>Use .3mf, .stl, .obj, .ply, .glb or .usdz</source>
        <translation>.3mf, .stl, .obj, .ply, .glb oder .usdz verwenden</translation>
    </message>
    <message>
        <source>Write a .glb, or leave --draco out</source>
        <translation>Eine .glb-Datei schreiben oder --draco weglassen</translation>
    </message>
    <message>
        <source>No hole can be made here</source>
        <translation>Hier lässt sich kein Loch anlegen</translation>
    </message>
    <message>
        <source>Leave the part closed or solid</source>
        <translation>Das Teil geschlossen oder massiv lassen</translation>
    </message>
    <message>
        <source>{name}: walls under {row} mm over {row2} mm² in {len} place(s), down to {least} mm at {spoken}.</source>
        <translation>{name}: Wände unter {row} mm auf {row2} mm² an {len} Stelle(n), bis hinab zu {least} mm bei {spoken}.</translation>
    </message>
    <message>
        <source>{name}: {fault} ml at {spoken} have no way out that is wide enough.</source>
        <translation>{name}: {fault} ml bei {spoken} haben keinen Ausgang, der weit genug ist.</translation>
    </message>
    <message>
        <source>{name}: the model holds {apart} % less volume than planned.</source>
        <translation>{name}: Das Modell hat {apart} % weniger Volumen als geplant.</translation>
    </message>
    <message>
        <source>{name}: the model holds {apart} % more volume than planned.</source>
        <translation>{name}: Das Modell hat {apart} % mehr Volumen als geplant.</translation>
    </message>
    <message>
        <source>{name}: it does not fit on its plate as it stands. Split it.</source>
        <translation>{name}: passt so, wie es steht, nicht auf seine Platte. Das Teil zerlegen.</translation>
    </message>
    <message>
        <source>{bores} hole(s) of {hole_mm} mm into {hollows} hollow(s), {lost} ml of material gone.</source>
        <translation>{bores} Loch/Löcher von {hole_mm} mm in {hollows} Hohlraum/Hohlräume, {lost} ml Material weniger.</translation>
    </message>
    <message>
        <source>Walls down to {least} mm made {limit} mm thick, {more} ml more material.</source>
        <translation>Wände bis hinab zu {least} mm auf {limit} mm verstärkt, {more} ml Material mehr.</translation>
    </message>
    <message>
        <source>{len} hole(s) filled with {area} mm² of new surface.</source>
        <translation>{len} Loch/Löcher mit {area} mm² neuer Oberfläche geschlossen.</translation>
    </message>
    <message>
        <source>{changed} triangle(s) turned to face outward.</source>
        <translation>{changed} Dreieck(e) nach außen gedreht.</translation>
    </message>
    <message>
        <source>{count} sheet(s) turned to face outward.</source>
        <translation>{count} Hülle(n) nach außen gedreht.</translation>
    </message>
    <message>
        <source>{gone} triangle(s) without area taken out.</source>
        <translation>{gone} Dreieck(e) ohne Fläche entfernt.</translation>
    </message>
    <message>
        <source>{len} solids made one, {off} ml where they overlapped.</source>
        <translation>Aus {len} Körpern einer gemacht, {off} ml, wo sie sich überlappten.</translation>
    </message>
    <message>
        <source>{len} loose piece(s) taken away, {lost} ml.</source>
        <translation>{len} loses Stück/lose Stücke entfernt, {lost} ml.</translation>
    </message>
    <message>
        <source>{hollows} hollow(s) filled, {more} ml more material.</source>
        <translation>{hollows} Hohlraum/Hohlräume gefüllt, {more} ml Material mehr.</translation>
    </message>
    <message>
        <source>This fault is not mended by itself</source>
        <translation>Dieser Fehler lässt sich nicht von selbst beheben</translation>
    </message>
    <message>
        <source>Nothing of the part is near</source>
        <translation>Vom Teil ist hier nichts in der Nähe</translation>
    </message>
    <message>
        <source>Use {coarsest_mm} mm or less</source>
        <translation>Höchstens {coarsest_mm} mm angeben</translation>
    </message>
    <message>
        <source>A model cannot be printed at {x} %</source>
        <translation>Ein Modell kann nicht mit {x} % gedruckt werden</translation>
    </message>
    <message>
        <source>Give {x} to {x2} %</source>
        <translation>{x} bis {x2} % angeben</translation>
    </message>
    <message>
        <source>A bed of {size} mm is too small for a model</source>
        <translation>Ein Druckbett von {size} mm ist für ein Modell zu klein</translation>
    </message>
    <message>
        <source>Give the printer&apos;s own size in mm</source>
        <translation>Die Größe des Druckers selbst in mm angeben</translation>
    </message>
    <message>
        <source>Pegs {clearance_mm} mm from their sockets do not fit</source>
        <translation>Stifte mit {clearance_mm} mm Abstand zu ihren Löchern passen nicht</translation>
    </message>
    <message>
        <source>Give {least} to {most} mm</source>
        <translation>{least} bis {most} mm angeben</translation>
    </message>
    <message>
        <source>This label cannot be written</source>
        <translation>Diese Beschriftung lässt sich nicht schreiben</translation>
    </message>
    <message>
        <source>Give one line of at most {longest_label} characters</source>
        <translation>Eine Zeile mit höchstens {longest_label} Zeichen angeben</translation>
    </message>
    <message>
        <source>Give --cut or --split too</source>
        <translation>Dazu --cut oder --split angeben</translation>
    </message>
    <message>
        <source>Only a hollow part has something to drain</source>
        <translation>Nur aus einem hohlen Teil ist etwas abzulassen</translation>
    </message>
    <message>
        <source>Give --hollow-mm too</source>
        <translation>Dazu --hollow-mm angeben</translation>
    </message>
    <message>
        <source>Only a vessel&apos;s wall is opened at its ends</source>
        <translation>Nur die Wand eines Gefäßes wird an ihren Enden geöffnet</translation>
    </message>
    <message>
        <source>Give --vessel-walls too</source>
        <translation>Dazu --vessel-walls angeben</translation>
    </message>
    <message>
        <source>The size of the printer&apos;s bed is not known</source>
        <translation>Die Größe des Druckbetts ist nicht bekannt</translation>
    </message>
    <message>
        <source>Give --printer or --bed-mm</source>
        <translation>--printer oder --bed-mm angeben</translation>
    </message>
    <message>
        <source>A wall of {wall_mm} mm cannot be printed{whose}</source>
        <translation>Eine Wand von {wall_mm} mm lässt sich nicht drucken{whose}</translation>
    </message>
    <message>
        <source>Ask for {least} mm or more</source>
        <translation>Mindestens {least} mm angeben</translation>
    </message>
    <message>
        <source>A wall of {wall_mm} mm leaves no model</source>
        <translation>Eine Wand von {wall_mm} mm lässt vom Modell nichts übrig</translation>
    </message>
    <message>
        <source>Ask for {largest_wall_mm} mm or less</source>
        <translation>Höchstens {largest_wall_mm} mm angeben</translation>
    </message>
    <message>
        <source>The printer does not take {title}</source>
        <translation>Der Drucker verarbeitet {title} nicht</translation>
    </message>
    <message>
        <source>Name a material for {title}, or another printer</source>
        <translation>Ein Material für {title} nennen oder einen anderen Drucker</translation>
    </message>
    <message>
        <source>There is no {what} named &apos;{name}&apos;</source>
        <translation>{what} mit dem Namen „{name}“ gibt es nicht</translation>
    </message>
    <message>
        <source>A {lower} file keeps the scan&apos;s millimetres</source>
        <translation>Eine {lower}-Datei behält die Millimeter des Scans</translation>
    </message>
    <message>
        <source>Use .3mf or .stl, or leave the scale out</source>
        <translation>.3mf oder .stl verwenden oder den Maßstab weglassen</translation>
    </message>
    <message>
        <source>A cut guide is printed in true size only</source>
        <translation>Eine Schnittschablone wird nur in wahrer Größe gedruckt</translation>
    </message>
    <message>
        <source>Leave the scale or the guide out</source>
        <translation>Den Maßstab oder die Schablone weglassen</translation>
    </message>
    <message>
        <source>The part is too large for this bed</source>
        <translation>Das Teil ist für dieses Druckbett zu groß</translation>
    </message>
    <message>
        <source>Choose a larger printer, or print it in parts</source>
        <translation>Einen größeren Drucker wählen oder in Teilen drucken</translation>
    </message>
    <message>
        <source>The lumen&apos;s edge does not close round this place</source>
        <translation>Der Rand des Lumens schließt sich um diese Stelle nicht</translation>
    </message>
    <message>
        <source>Move the point into the lumen</source>
        <translation>Den Punkt in das Lumen verschieben</translation>
    </message>
    <message>
        <source>The edge of the lumen is unclear over most of the contour</source>
        <translation>Der Rand des Lumens ist über den größten Teil der Kontur unklar</translation>
    </message>
    <message>
        <source>Check the place and the contrast</source>
        <translation>Ort und Kontrast prüfen</translation>
    </message>
    <message>
        <source>The section leaves the scan</source>
        <translation>Der Querschnitt verlässt den Scan</translation>
    </message>
    <message>
        <source>Choose a place farther inside</source>
        <translation>Eine Stelle weiter innen wählen</translation>
    </message>
    <message>
        <source>The structure is empty</source>
        <translation>Die Struktur ist leer</translation>
    </message>
    <message>
        <source>Segment it first</source>
        <translation>Zuerst segmentieren</translation>
    </message>
    <message>
        <source>The structure is too small for a surface</source>
        <translation>Die Struktur ist zu klein für eine Oberfläche</translation>
    </message>
    <message>
        <source>Leave it out</source>
        <translation>Weglassen</translation>
    </message>
    <message>
        <source>Slices are {spacing} mm apart; the score is defined for 3 mm.</source>
        <translation>Die Schichten liegen {spacing} mm auseinander; der Score ist für 3 mm definiert.</translation>
    </message>
    <message>
        <source>{x} % of this region is above 130 HU: contrast, bone or a device may be counted.</source>
        <translation>{x} % dieses Bereichs liegen über 130 HU: Kontrastmittel, Knochen oder ein Implantat wird vielleicht mitgezählt.</translation>
    </message>
    <message>
        <source>The Agatston score is read in a CT only</source>
        <translation>Der Agatston-Score wird nur in einem CT gelesen</translation>
    </message>
    <message>
        <source>Use a CT without contrast</source>
        <translation>Ein CT ohne Kontrastmittel nehmen</translation>
    </message>
    <message>
        <source>A point is needed</source>
        <translation>Ein Punkt wird gebraucht</translation>
    </message>
    <message>
        <source>Place the middle of the aortic valve</source>
        <translation>Die Mitte der Aortenklappe setzen</translation>
    </message>
    <message>
        <source>A calcium threshold of {given_hu} HU cannot be used</source>
        <translation>Ein Kalkschwellenwert von {given_hu} HU ist nicht verwendbar</translation>
    </message>
    <message>
        <source>Give {least_hu} to {most_hu} HU</source>
        <translation>{least_hu} bis {most_hu} HU angeben</translation>
    </message>
    <message>
        <source>{needs} {value} mm under {least} mm</source>
        <translation>{needs} {value} mm unter {least} mm</translation>
    </message>
    <message>
        <source>Following the annulus, phase {phase}</source>
        <translation>Der Anulus wird verfolgt, Phase {phase}</translation>
    </message>
    <message>
        <source>Measuring phase {phase}</source>
        <translation>Phase {phase} wird gemessen</translation>
    </message>
    <message>
        <source>The blood in the root reads {lumen_hu}, which it never has in Hounsfield units</source>
        <translation>Das Blut in der Wurzel misst {lumen_hu}; in Hounsfield-Einheiten tut es das nie</translation>
    </message>
    <message>
        <source>Import the scan in Hounsfield units; where 1024 was added to them, take it away first</source>
        <translation>Den Scan in Hounsfield-Einheiten importieren; wurde zu ihnen 1024 addiert, das zuvor abziehen</translation>
    </message>
    <message>
        <source>The hinges may be in the wrong order; no size is proposed.</source>
        <translation>Die Hinge-Punkte sind vielleicht in falscher Folge; keine Größe ist vorgeschlagen.</translation>
    </message>
    <message>
        <source>The valve goes into a prosthesis: native sizes do not apply.</source>
        <translation>Die Klappe kommt in eine Prothese: native Größen gelten nicht.</translation>
    </message>
    <message>
        <source>The edge is blurred ({sigma_mm} mm): motion or thick slices. Sizes can be off by 2 mm or more.</source>
        <translation>Der Rand ist unscharf ({sigma_mm} mm): Bewegung oder dicke Schichten. Größen können um 2 mm oder mehr abweichen.</translation>
    </message>
    <message>
        <source>The edge is uneven by {residual_mm} mm. Check the contour.</source>
        <translation>Der Rand ist um {residual_mm} mm uneben. Die Kontur prüfen.</translation>
    </message>
    <message>
        <source>Voxels are {thickest} mm; sizing wants 1 mm or less.</source>
        <translation>Die Voxel haben {thickest} mm; zur Größenwahl sollte es 1 mm oder weniger sein.</translation>
    </message>
    <message>
        <source>The lumen has only {lumen_hu} HU; sizing wants 250 or more.</source>
        <translation>Das Lumen hat nur {lumen_hu} HU; zur Größenwahl sollten es 250 oder mehr sein.</translation>
    </message>
    <message>
        <source>{what} below {low} mm</source>
        <translation>{what} unter {low} mm</translation>
    </message>
    <message>
        <source>{what} above {high} mm</source>
        <translation>{what} über {high} mm</translation>
    </message>
    <message>
        <source>The edited sections are no list</source>
        <translation>Die bearbeiteten Querschnitte sind keine Liste</translation>
    </message>
    <message>
        <source>Give a list, or a plan that was exported</source>
        <translation>Eine Liste angeben oder einen exportierten Plan</translation>
    </message>
    <message>
        <source>Following branches</source>
        <translation>Äste werden verfolgt</translation>
    </message>
    <message>
        <source>Finding the vessel</source>
        <translation>Das Gefäß wird gesucht</translation>
    </message>
    <message>
        <source>The blood is only {ratio} times the noise brighter than tissue: diameters may read too small by half a millimetre and more.</source>
        <translation>Das Blut ist nur um das {ratio}-Fache des Rauschens heller als Gewebe: Durchmesser können einen halben Millimeter und mehr zu klein sein.</translation>
    </message>
    <message>
        <source>Judging what was found</source>
        <translation>Das Gefundene wird beurteilt</translation>
    </message>
    <message>
        <source>Fitting {replace} to its edge</source>
        <translation>{replace} wird an seine Kante angepasst</translation>
    </message>
    <message>
        <source>{name}: air there looks otherwise than the network says; the network&apos;s is kept</source>
        <translation>{name}: die Luft dort sieht anders aus, als das Netz sagt; das Ergebnis des Netzes bleibt</translation>
    </message>
    <message>
        <source>{name}: hard tissue looked otherwise than the network says; the network&apos;s is kept</source>
        <translation>{name}: hartes Gewebe sah anders aus, als das Netz sagt; das Ergebnis des Netzes bleibt</translation>
    </message>
    <message>
        <source>{name}: a bright round vessel was found elsewhere; the network&apos;s is kept</source>
        <translation>{name}: ein helles rundes Gefäß wurde anderswo gefunden; das Ergebnis des Netzes bleibt</translation>
    </message>
    <message>
        <source>{name}: followed by its contrast; the network found it elsewhere</source>
        <translation>{name}: nach dem Kontrast verfolgt; das Netz fand es anderswo</translation>
    </message>
    <message>
        <source>{name}: the edges in the image were not clear enough to follow</source>
        <translation>{name}: die Ränder im Bild waren zum Verfolgen nicht klar genug</translation>
    </message>
    <message>
        <source>Fewer than {least_patients} patients, still uncalibrated: {join}</source>
        <translation>Weniger als {least_patients} Patienten, noch nicht kalibriert: {join}</translation>
    </message>
    <message>
        <source>Fewer than {enough_patients} patients, intervals are rough: {join}</source>
        <translation>Weniger als {enough_patients} Patienten, Intervalle sind grob: {join}</translation>
    </message>
    <message>
        <source>OpenVINO cannot run this network: torch does, more slowly</source>
        <translation>OpenVINO kann dieses Netz nicht ausführen: torch kann es, langsamer</translation>
    </message>
    <message>
        <source>finding the body</source>
        <translation>der Körper wird gesucht</translation>
    </message>
    <message>
        <source>computing features</source>
        <translation>Merkmale werden berechnet</translation>
    </message>
    <message>
        <source>The graphics card stopped working</source>
        <translation>Die Grafikkarte arbeitet nicht mehr</translation>
    </message>
    <message>
        <source>Start the program again; what was drawn is kept</source>
        <translation>Starten Sie das Programm neu; was gezeichnet ist, bleibt erhalten</translation>
    </message>
    <message>
        <source>asking the network</source>
        <translation>das Netz wird gefragt</translation>
    </message>
    <message>
        <source>Checking the files</source>
        <translation>Die Dateien werden geprüft</translation>
    </message>
    <message>
        <source>Comparing {title} with its own program&apos;s steps</source>
        <translation>{title} wird mit den Schritten seines eigenen Programms verglichen</translation>
    </message>
    <message>
        <source>Adding the model</source>
        <translation>Das Modell wird hinzugefügt</translation>
    </message>
    <message>
        <source>Resampling for {title}</source>
        <translation>Es wird umgerechnet für {title}</translation>
    </message>
    <message>
        <source>Loading {title}</source>
        <translation>{title} wird geladen</translation>
    </message>
    <message>
        <source>Tidying up</source>
        <translation>Es wird aufgeräumt</translation>
    </message>
    <message>
        <source>{name} was left out: what it looks at was not found</source>
        <translation>{name} entfiel: wonach es sich richtet, wurde nicht gefunden</translation>
    </message>
    <message>
        <source>{title}: tile {done} of {count}{words}</source>
        <translation>{title}: Kachel {done} von {count}{words}</translation>
    </message>
    <message>
        <source>stopped working</source>
        <translation>arbeitete nicht mehr weiter</translation>
    </message>
    <message>
        <source>Sums of tiles were kept in main memory, because the graphics card is short of it</source>
        <translation>Die Summen der Kacheln blieben im Hauptspeicher, weil der Grafikkarte Speicher fehlt</translation>
    </message>
    <message>
        <source>The graphics card ({device}) {why}: the processor was used</source>
        <translation>Die Grafikkarte ({device}) {why}: der Prozessor wurde genommen</translation>
    </message>
    <message>
        <source>Sums of tiles were kept in half precision, because memory is short</source>
        <translation>Die Summen der Kacheln wurden in halber Genauigkeit gehalten, weil Speicher fehlt</translation>
    </message>
    <message>
        <source>The graphics card is short of memory: {in_flight} tiles at a time</source>
        <translation>Der Grafikkarte fehlt Speicher: {in_flight} Kacheln auf einmal</translation>
    </message>
    <message>
        <source>Taking what was found</source>
        <translation>Das Gefundene wird übernommen</translation>
    </message>
    <message>
        <source>Aorta</source>
        <comment>structure</comment>
        <translation>Aorta</translation>
    </message>
    <message>
        <source>Descending aorta</source>
        <comment>structure</comment>
        <translation>Aorta descendens</translation>
    </message>
    <message>
        <source>Arteries</source>
        <comment>structure</comment>
        <translation>Arterien</translation>
    </message>
    <message>
        <source>Left ventricle</source>
        <comment>structure</comment>
        <translation>Linker Ventrikel</translation>
    </message>
    <message>
        <source>Left atrium</source>
        <comment>structure</comment>
        <translation>Linker Vorhof</translation>
    </message>
    <message>
        <source>Right atrium</source>
        <comment>structure</comment>
        <translation>Rechter Vorhof</translation>
    </message>
    <message>
        <source>Right ventricle</source>
        <comment>structure</comment>
        <translation>Rechter Ventrikel</translation>
    </message>
    <message>
        <source>Pulmonary artery</source>
        <comment>structure</comment>
        <translation>Pulmonalarterie</translation>
    </message>
    <message>
        <source>Myocardium</source>
        <comment>structure</comment>
        <translation>Myokard</translation>
    </message>
    <message>
        <source>Coronaries</source>
        <comment>structure</comment>
        <translation>Koronarien</translation>
    </message>
    <message>
        <source>Calcium</source>
        <comment>structure</comment>
        <translation>Kalk</translation>
    </message>
    <message>
        <source>Superior vena cava</source>
        <comment>structure</comment>
        <translation>Obere Hohlvene</translation>
    </message>
    <message>
        <source>Liver</source>
        <comment>structure</comment>
        <translation>Leber</translation>
    </message>
    <message>
        <source>Portal vein</source>
        <comment>structure</comment>
        <translation>Pfortader</translation>
    </message>
    <message>
        <source>Portal vein in the liver</source>
        <comment>structure</comment>
        <translation>Pfortader in der Leber</translation>
    </message>
    <message>
        <source>Hepatic veins</source>
        <comment>structure</comment>
        <translation>Lebervenen</translation>
    </message>
    <message>
        <source>Veins in the liver</source>
        <comment>structure</comment>
        <translation>Venen in der Leber</translation>
    </message>
    <message>
        <source>Veins</source>
        <comment>structure</comment>
        <translation>Venen</translation>
    </message>
    <message>
        <source>Vena cava</source>
        <comment>structure</comment>
        <translation>Untere Hohlvene</translation>
    </message>
    <message>
        <source>Bile ducts</source>
        <comment>structure</comment>
        <translation>Gallengänge</translation>
    </message>
    <message>
        <source>Gallbladder</source>
        <comment>structure</comment>
        <translation>Gallenblase</translation>
    </message>
    <message>
        <source>Tumour</source>
        <comment>structure</comment>
        <translation>Tumor</translation>
    </message>
    <message>
        <source>Liver tumours</source>
        <comment>structure</comment>
        <translation>Lebertumoren</translation>
    </message>
    <message>
        <source>Other liver lesion</source>
        <comment>structure</comment>
        <translation>Andere Leberläsion</translation>
    </message>
    <message>
        <source>Spleen</source>
        <comment>structure</comment>
        <translation>Milz</translation>
    </message>
    <message>
        <source>Kidney</source>
        <comment>structure</comment>
        <translation>Niere</translation>
    </message>
    <message>
        <source>Left kidney</source>
        <comment>structure</comment>
        <translation>Linke Niere</translation>
    </message>
    <message>
        <source>Right kidney</source>
        <comment>structure</comment>
        <translation>Rechte Niere</translation>
    </message>
    <message>
        <source>Renal sinus</source>
        <comment>structure</comment>
        <translation>Nierensinus</translation>
    </message>
    <message>
        <source>Renal artery</source>
        <comment>structure</comment>
        <translation>Nierenarterie</translation>
    </message>
    <message>
        <source>Renal vein</source>
        <comment>structure</comment>
        <translation>Nierenvene</translation>
    </message>
    <message>
        <source>Pancreas</source>
        <comment>structure</comment>
        <translation>Pankreas</translation>
    </message>
    <message>
        <source>Stomach</source>
        <comment>structure</comment>
        <translation>Magen</translation>
    </message>
    <message>
        <source>Left lung</source>
        <comment>structure</comment>
        <translation>Linke Lunge</translation>
    </message>
    <message>
        <source>Right lung</source>
        <comment>structure</comment>
        <translation>Rechte Lunge</translation>
    </message>
    <message>
        <source>Bone</source>
        <comment>structure</comment>
        <translation>Knochen</translation>
    </message>
    <message>
        <source>Body</source>
        <comment>structure</comment>
        <translation>Körper</translation>
    </message>
    <message>
        <source>Heart</source>
        <comment>structure</comment>
        <translation>Herz</translation>
    </message>
    <message>
        <source>Bowel</source>
        <comment>structure</comment>
        <translation>Darm</translation>
    </message>
    <message>
        <source>Bladder</source>
        <comment>structure</comment>
        <translation>Harnblase</translation>
    </message>
    <message>
        <source>Left iliac artery</source>
        <comment>structure</comment>
        <translation>Linke Beckenarterie</translation>
    </message>
    <message>
        <source>Right iliac artery</source>
        <comment>structure</comment>
        <translation>Rechte Beckenarterie</translation>
    </message>
    <message>
        <source>Rest of the body</source>
        <comment>structure</comment>
        <translation>Übriger Körper</translation>
    </message>
    <message>
        <source>Adrenal gland right</source>
        <comment>structure</comment>
        <translation>Nebenniere rechts</translation>
    </message>
    <message>
        <source>Adrenal gland left</source>
        <comment>structure</comment>
        <translation>Nebenniere links</translation>
    </message>
    <message>
        <source>Lung upper lobe left</source>
        <comment>structure</comment>
        <translation>Lungenoberlappen links</translation>
    </message>
    <message>
        <source>Lung lower lobe left</source>
        <comment>structure</comment>
        <translation>Lungenunterlappen links</translation>
    </message>
    <message>
        <source>Lung upper lobe right</source>
        <comment>structure</comment>
        <translation>Lungenoberlappen rechts</translation>
    </message>
    <message>
        <source>Lung middle lobe right</source>
        <comment>structure</comment>
        <translation>Lungenmittellappen rechts</translation>
    </message>
    <message>
        <source>Lung lower lobe right</source>
        <comment>structure</comment>
        <translation>Lungenunterlappen rechts</translation>
    </message>
    <message>
        <source>Esophagus</source>
        <comment>structure</comment>
        <translation>Ösophagus</translation>
    </message>
    <message>
        <source>Trachea</source>
        <comment>structure</comment>
        <translation>Trachea</translation>
    </message>
    <message>
        <source>Thyroid gland</source>
        <comment>structure</comment>
        <translation>Schilddrüse</translation>
    </message>
    <message>
        <source>Small bowel</source>
        <comment>structure</comment>
        <translation>Dünndarm</translation>
    </message>
    <message>
        <source>Duodenum</source>
        <comment>structure</comment>
        <translation>Duodenum</translation>
    </message>
    <message>
        <source>Colon</source>
        <comment>structure</comment>
        <translation>Kolon</translation>
    </message>
    <message>
        <source>Prostate</source>
        <comment>structure</comment>
        <translation>Prostata</translation>
    </message>
    <message>
        <source>Kidney cyst left</source>
        <comment>structure</comment>
        <translation>Nierenzyste links</translation>
    </message>
    <message>
        <source>Kidney cyst right</source>
        <comment>structure</comment>
        <translation>Nierenzyste rechts</translation>
    </message>
    <message>
        <source>Sacrum</source>
        <comment>structure</comment>
        <translation>Kreuzbein</translation>
    </message>
    <message>
        <source>Vertebrae S1</source>
        <comment>structure</comment>
        <translation>Wirbel S1</translation>
    </message>
    <message>
        <source>Vertebrae L5</source>
        <comment>structure</comment>
        <translation>Wirbel L5</translation>
    </message>
    <message>
        <source>Vertebrae L4</source>
        <comment>structure</comment>
        <translation>Wirbel L4</translation>
    </message>
    <message>
        <source>Vertebrae L3</source>
        <comment>structure</comment>
        <translation>Wirbel L3</translation>
    </message>
    <message>
        <source>Vertebrae L2</source>
        <comment>structure</comment>
        <translation>Wirbel L2</translation>
    </message>
    <message>
        <source>Vertebrae L1</source>
        <comment>structure</comment>
        <translation>Wirbel L1</translation>
    </message>
    <message>
        <source>Vertebrae T12</source>
        <comment>structure</comment>
        <translation>Wirbel T12</translation>
    </message>
    <message>
        <source>Vertebrae T11</source>
        <comment>structure</comment>
        <translation>Wirbel T11</translation>
    </message>
    <message>
        <source>Vertebrae T10</source>
        <comment>structure</comment>
        <translation>Wirbel T10</translation>
    </message>
    <message>
        <source>Vertebrae T9</source>
        <comment>structure</comment>
        <translation>Wirbel T9</translation>
    </message>
    <message>
        <source>Vertebrae T8</source>
        <comment>structure</comment>
        <translation>Wirbel T8</translation>
    </message>
    <message>
        <source>Vertebrae T7</source>
        <comment>structure</comment>
        <translation>Wirbel T7</translation>
    </message>
    <message>
        <source>Vertebrae T6</source>
        <comment>structure</comment>
        <translation>Wirbel T6</translation>
    </message>
    <message>
        <source>Vertebrae T5</source>
        <comment>structure</comment>
        <translation>Wirbel T5</translation>
    </message>
    <message>
        <source>Vertebrae T4</source>
        <comment>structure</comment>
        <translation>Wirbel T4</translation>
    </message>
    <message>
        <source>Vertebrae T3</source>
        <comment>structure</comment>
        <translation>Wirbel T3</translation>
    </message>
    <message>
        <source>Vertebrae T2</source>
        <comment>structure</comment>
        <translation>Wirbel T2</translation>
    </message>
    <message>
        <source>Vertebrae T1</source>
        <comment>structure</comment>
        <translation>Wirbel T1</translation>
    </message>
    <message>
        <source>Vertebrae C7</source>
        <comment>structure</comment>
        <translation>Wirbel C7</translation>
    </message>
    <message>
        <source>Vertebrae C6</source>
        <comment>structure</comment>
        <translation>Wirbel C6</translation>
    </message>
    <message>
        <source>Vertebrae C5</source>
        <comment>structure</comment>
        <translation>Wirbel C5</translation>
    </message>
    <message>
        <source>Vertebrae C4</source>
        <comment>structure</comment>
        <translation>Wirbel C4</translation>
    </message>
    <message>
        <source>Vertebrae C3</source>
        <comment>structure</comment>
        <translation>Wirbel C3</translation>
    </message>
    <message>
        <source>Vertebrae C2</source>
        <comment>structure</comment>
        <translation>Wirbel C2</translation>
    </message>
    <message>
        <source>Vertebrae C1</source>
        <comment>structure</comment>
        <translation>Wirbel C1</translation>
    </message>
    <message>
        <source>Vertebrae s1</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel S1</translation>
    </message>
    <message>
        <source>Vertebrae l5</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel L5</translation>
    </message>
    <message>
        <source>Vertebrae l4</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel L4</translation>
    </message>
    <message>
        <source>Vertebrae l3</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel L3</translation>
    </message>
    <message>
        <source>Vertebrae l2</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel L2</translation>
    </message>
    <message>
        <source>Vertebrae l1</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel L1</translation>
    </message>
    <message>
        <source>Vertebrae t12</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel T12</translation>
    </message>
    <message>
        <source>Vertebrae t11</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel T11</translation>
    </message>
    <message>
        <source>Vertebrae t10</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel T10</translation>
    </message>
    <message>
        <source>Vertebrae t9</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel T9</translation>
    </message>
    <message>
        <source>Vertebrae t8</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel T8</translation>
    </message>
    <message>
        <source>Vertebrae t7</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel T7</translation>
    </message>
    <message>
        <source>Vertebrae t6</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel T6</translation>
    </message>
    <message>
        <source>Vertebrae t5</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel T5</translation>
    </message>
    <message>
        <source>Vertebrae t4</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel T4</translation>
    </message>
    <message>
        <source>Vertebrae t3</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel T3</translation>
    </message>
    <message>
        <source>Vertebrae t2</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel T2</translation>
    </message>
    <message>
        <source>Vertebrae t1</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel T1</translation>
    </message>
    <message>
        <source>Vertebrae c7</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel C7</translation>
    </message>
    <message>
        <source>Vertebrae c6</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel C6</translation>
    </message>
    <message>
        <source>Vertebrae c5</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel C5</translation>
    </message>
    <message>
        <source>Vertebrae c4</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel C4</translation>
    </message>
    <message>
        <source>Vertebrae c3</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel C3</translation>
    </message>
    <message>
        <source>Vertebrae c2</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel C2</translation>
    </message>
    <message>
        <source>Vertebrae c1</source>
        <comment>structure</comment>
        <translation type="vanished">Wirbel C1</translation>
    </message>
    <message>
        <source>Pulmonary vein</source>
        <comment>structure</comment>
        <translation>Lungenvene</translation>
    </message>
    <message>
        <source>Brachiocephalic trunk</source>
        <comment>structure</comment>
        <translation>Truncus brachiocephalicus</translation>
    </message>
    <message>
        <source>Subclavian artery right</source>
        <comment>structure</comment>
        <translation>Arteria subclavia rechts</translation>
    </message>
    <message>
        <source>Subclavian artery left</source>
        <comment>structure</comment>
        <translation>Arteria subclavia links</translation>
    </message>
    <message>
        <source>Common carotid artery right</source>
        <comment>structure</comment>
        <translation>Arteria carotis communis rechts</translation>
    </message>
    <message>
        <source>Common carotid artery left</source>
        <comment>structure</comment>
        <translation>Arteria carotis communis links</translation>
    </message>
    <message>
        <source>Brachiocephalic vein left</source>
        <comment>structure</comment>
        <translation>Vena brachiocephalica links</translation>
    </message>
    <message>
        <source>Brachiocephalic vein right</source>
        <comment>structure</comment>
        <translation>Vena brachiocephalica rechts</translation>
    </message>
    <message>
        <source>Atrial appendage left</source>
        <comment>structure</comment>
        <translation>Vorhofohr links</translation>
    </message>
    <message>
        <source>Iliac vena left</source>
        <comment>structure</comment>
        <translation>Beckenvene links</translation>
    </message>
    <message>
        <source>Iliac vena right</source>
        <comment>structure</comment>
        <translation>Beckenvene rechts</translation>
    </message>
    <message>
        <source>Humerus left</source>
        <comment>structure</comment>
        <translation>Humerus links</translation>
    </message>
    <message>
        <source>Humerus right</source>
        <comment>structure</comment>
        <translation>Humerus rechts</translation>
    </message>
    <message>
        <source>Scapula left</source>
        <comment>structure</comment>
        <translation>Schulterblatt links</translation>
    </message>
    <message>
        <source>Scapula right</source>
        <comment>structure</comment>
        <translation>Schulterblatt rechts</translation>
    </message>
    <message>
        <source>Clavicula left</source>
        <comment>structure</comment>
        <translation>Schlüsselbein links</translation>
    </message>
    <message>
        <source>Clavicula right</source>
        <comment>structure</comment>
        <translation>Schlüsselbein rechts</translation>
    </message>
    <message>
        <source>Femur left</source>
        <comment>structure</comment>
        <translation>Femur links</translation>
    </message>
    <message>
        <source>Femur right</source>
        <comment>structure</comment>
        <translation>Femur rechts</translation>
    </message>
    <message>
        <source>Hip left</source>
        <comment>structure</comment>
        <translation>Hüftbein links</translation>
    </message>
    <message>
        <source>Hip right</source>
        <comment>structure</comment>
        <translation>Hüftbein rechts</translation>
    </message>
    <message>
        <source>Spinal cord</source>
        <comment>structure</comment>
        <translation>Rückenmark</translation>
    </message>
    <message>
        <source>Gluteus maximus left</source>
        <comment>structure</comment>
        <translation>Gluteus maximus links</translation>
    </message>
    <message>
        <source>Gluteus maximus right</source>
        <comment>structure</comment>
        <translation>Gluteus maximus rechts</translation>
    </message>
    <message>
        <source>Gluteus medius left</source>
        <comment>structure</comment>
        <translation>Gluteus medius links</translation>
    </message>
    <message>
        <source>Gluteus medius right</source>
        <comment>structure</comment>
        <translation>Gluteus medius rechts</translation>
    </message>
    <message>
        <source>Gluteus minimus left</source>
        <comment>structure</comment>
        <translation>Gluteus minimus links</translation>
    </message>
    <message>
        <source>Gluteus minimus right</source>
        <comment>structure</comment>
        <translation>Gluteus minimus rechts</translation>
    </message>
    <message>
        <source>Autochthon left</source>
        <comment>structure</comment>
        <translation>Autochthone Rückenmuskeln links</translation>
    </message>
    <message>
        <source>Autochthon right</source>
        <comment>structure</comment>
        <translation>Autochthone Rückenmuskeln rechts</translation>
    </message>
    <message>
        <source>Iliopsoas left</source>
        <comment>structure</comment>
        <translation>Iliopsoas links</translation>
    </message>
    <message>
        <source>Iliopsoas right</source>
        <comment>structure</comment>
        <translation>Iliopsoas rechts</translation>
    </message>
    <message>
        <source>Brain</source>
        <comment>structure</comment>
        <translation>Gehirn</translation>
    </message>
    <message>
        <source>Skull</source>
        <comment>structure</comment>
        <translation>Schädel</translation>
    </message>
    <message>
        <source>Rib left 1</source>
        <comment>structure</comment>
        <translation>Rippe links 1</translation>
    </message>
    <message>
        <source>Rib left 2</source>
        <comment>structure</comment>
        <translation>Rippe links 2</translation>
    </message>
    <message>
        <source>Rib left 3</source>
        <comment>structure</comment>
        <translation>Rippe links 3</translation>
    </message>
    <message>
        <source>Rib left 4</source>
        <comment>structure</comment>
        <translation>Rippe links 4</translation>
    </message>
    <message>
        <source>Rib left 5</source>
        <comment>structure</comment>
        <translation>Rippe links 5</translation>
    </message>
    <message>
        <source>Rib left 6</source>
        <comment>structure</comment>
        <translation>Rippe links 6</translation>
    </message>
    <message>
        <source>Rib left 7</source>
        <comment>structure</comment>
        <translation>Rippe links 7</translation>
    </message>
    <message>
        <source>Rib left 8</source>
        <comment>structure</comment>
        <translation>Rippe links 8</translation>
    </message>
    <message>
        <source>Rib left 9</source>
        <comment>structure</comment>
        <translation>Rippe links 9</translation>
    </message>
    <message>
        <source>Rib left 10</source>
        <comment>structure</comment>
        <translation>Rippe links 10</translation>
    </message>
    <message>
        <source>Rib left 11</source>
        <comment>structure</comment>
        <translation>Rippe links 11</translation>
    </message>
    <message>
        <source>Rib left 12</source>
        <comment>structure</comment>
        <translation>Rippe links 12</translation>
    </message>
    <message>
        <source>Rib right 1</source>
        <comment>structure</comment>
        <translation>Rippe rechts 1</translation>
    </message>
    <message>
        <source>Rib right 2</source>
        <comment>structure</comment>
        <translation>Rippe rechts 2</translation>
    </message>
    <message>
        <source>Rib right 3</source>
        <comment>structure</comment>
        <translation>Rippe rechts 3</translation>
    </message>
    <message>
        <source>Rib right 4</source>
        <comment>structure</comment>
        <translation>Rippe rechts 4</translation>
    </message>
    <message>
        <source>Rib right 5</source>
        <comment>structure</comment>
        <translation>Rippe rechts 5</translation>
    </message>
    <message>
        <source>Rib right 6</source>
        <comment>structure</comment>
        <translation>Rippe rechts 6</translation>
    </message>
    <message>
        <source>Rib right 7</source>
        <comment>structure</comment>
        <translation>Rippe rechts 7</translation>
    </message>
    <message>
        <source>Rib right 8</source>
        <comment>structure</comment>
        <translation>Rippe rechts 8</translation>
    </message>
    <message>
        <source>Rib right 9</source>
        <comment>structure</comment>
        <translation>Rippe rechts 9</translation>
    </message>
    <message>
        <source>Rib right 10</source>
        <comment>structure</comment>
        <translation>Rippe rechts 10</translation>
    </message>
    <message>
        <source>Rib right 11</source>
        <comment>structure</comment>
        <translation>Rippe rechts 11</translation>
    </message>
    <message>
        <source>Rib right 12</source>
        <comment>structure</comment>
        <translation>Rippe rechts 12</translation>
    </message>
    <message>
        <source>Sternum</source>
        <comment>structure</comment>
        <translation>Sternum</translation>
    </message>
    <message>
        <source>Costal cartilages</source>
        <comment>structure</comment>
        <translation>Rippenknorpel</translation>
    </message>
    <message>
        <source>The point is outside the scan</source>
        <translation>Der Punkt liegt außerhalb des Scans</translation>
    </message>
    <message>
        <source>crosses {join}</source>
        <translation>durchtrennt {join}</translation>
    </message>
    <message>
        <source>leaves {tumors}</source>
        <translation>lässt {tumors}</translation>
    </message>
    <message>
        <source>{what} {held_percent} %{of}, {remnant_percent} % asked.</source>
        <translation>{what} {held_percent} %{of}, {remnant_percent} % gefordert.</translation>
    </message>
    <message>
        <source>Meets both limits.</source>
        <translation>Erfüllt beide Grenzen.</translation>
    </message>
    <message>
        <source>Plan {beaten_by} is no worse in anything and better in something.</source>
        <translation type="vanished">Plan {beaten_by} ist in nichts schlechter und in etwas besser.</translation>
    </message>
    <message>
        <source>keeps {abs} % {x}</source>
        <translation type="vanished">behält {abs} % {x}</translation>
    </message>
    <message>
        <source>has {abs} mm {x} margin</source>
        <translation>hat {abs} mm {x} Resektionsrand</translation>
    </message>
    <message>
        <source>Margin {margin_mm} mm, {margin_mm2} mm asked.</source>
        <translation>Resektionsrand {margin_mm} mm, {margin_mm2} mm gefordert.</translation>
    </message>
    <message>
        <source>Margin meets {margin_mm} mm only without its ±.</source>
        <translation>Der Resektionsrand erreicht {margin_mm} mm nur ohne sein ±.</translation>
    </message>
    <message>
        <source>Finding territories</source>
        <translation>Territorien werden gesucht</translation>
    </message>
    <message>
        <source>A resection surface of this plan is cut off or larger than any is</source>
        <translation>Eine Resektionsfläche dieses Plans ist abgeschnitten oder größer, als eine sein kann</translation>
    </message>
    <message>
        <source>Make the plan again</source>
        <translation>Erstellen Sie den Plan neu</translation>
    </message>
    <message>
        <source>averaging voxels</source>
        <translation>Voxel werden gemittelt</translation>
    </message>
    <message>
        <source>removing noise</source>
        <translation>Rauschen wird entfernt</translation>
    </message>
    <message>
        <source>finding the neighbours</source>
        <translation>die Nachbarn werden gesucht</translation>
    </message>
    <message>
        <source>reading the strokes</source>
        <translation>die Striche werden gelesen</translation>
    </message>
    <message>
        <source>finding the liver&apos;s extent</source>
        <translation>die Ausdehnung der Leber wird gesucht</translation>
    </message>
    <message>
        <source>closing in lesions</source>
        <translation>Läsionen werden eingeschlossen</translation>
    </message>
    <message>
        <source>setting the edge</source>
        <translation>der Rand wird gesetzt</translation>
    </message>
    <message>
        <source>growing the tumour</source>
        <translation>der Tumor wächst</translation>
    </message>
    <message>
        <source>subtracting the liver&apos;s own HU</source>
        <translation>die HU der Leber selbst werden abgezogen</translation>
    </message>
    <message>
        <source>looking for tubes</source>
        <translation>Röhren werden gesucht</translation>
    </message>
    <message>
        <source>Finding the way out</source>
        <translation>Der Ausweg wird gesucht</translation>
    </message>
    <message>
        <source>gives no reason</source>
        <translation>nennt keinen Grund</translation>
    </message>
    <message>
        <source>{partner} gives no reason</source>
        <translation type="vanished">{partner} nennt keinen Grund</translation>
    </message>
    <message>
        <source>does not know the application context</source>
        <translation>kennt den Anwendungskontext nicht</translation>
    </message>
    <message>
        <source>{partner} does not know the application context</source>
        <translation type="vanished">{partner} kennt den Anwendungskontext nicht</translation>
    </message>
    <message>
        <source>does not know our AE title</source>
        <translation>kennt unseren AE-Titel nicht</translation>
    </message>
    <message>
        <source>{partner} does not know our AE title</source>
        <translation type="vanished">{partner} kennt unseren AE-Titel nicht</translation>
    </message>
    <message>
        <source>does not know the AE title that it was called by</source>
        <translation>kennt den AE-Titel nicht, mit dem es gerufen wurde</translation>
    </message>
    <message>
        <source>{partner} does not know the AE title that it was called by</source>
        <translation type="vanished">{partner} kennt den AE-Titel nicht, mit dem es gerufen wurde</translation>
    </message>
    <message>
        <source>speaks another protocol version</source>
        <translation>spricht eine andere Version des Protokolls</translation>
    </message>
    <message>
        <source>{partner} speaks another protocol version</source>
        <translation type="vanished">{partner} spricht eine andere Version des Protokolls</translation>
    </message>
    <message>
        <source>is busy for the moment</source>
        <translation>ist im Augenblick beschäftigt</translation>
    </message>
    <message>
        <source>{partner} is busy for the moment</source>
        <translation type="vanished">{partner} ist im Augenblick beschäftigt</translation>
    </message>
    <message>
        <source>has no more room for connections</source>
        <translation>hat keinen Platz für weitere Verbindungen</translation>
    </message>
    <message>
        <source>{partner} has no more room for connections</source>
        <translation type="vanished">{partner} hat keinen Platz für weitere Verbindungen</translation>
    </message>
    <message>
        <source>does not ask for an association</source>
        <translation>bittet nicht um eine Verbindung</translation>
    </message>
    <message>
        <source>{partner} does not ask for an association</source>
        <translation>{partner} bittet nicht um eine Verbindung</translation>
    </message>
    <message>
        <source>refuses to talk to us and {why}</source>
        <translation>lehnt das Gespräch ab und {why}</translation>
    </message>
    <message>
        <source>{partner} refuses to talk to us and {why}</source>
        <translation>{partner} lehnt das Gespräch ab und {why}</translation>
    </message>
    <message>
        <source>refuses to talk to us</source>
        <translation>lehnt das Gespräch ab</translation>
    </message>
    <message>
        <source>{partner} refuses to talk to us</source>
        <translation>{partner} lehnt das Gespräch ab</translation>
    </message>
    <message>
        <source>asks for an association in a way that cannot be read</source>
        <translation>bittet um eine Verbindung in einer Weise, die nicht lesbar ist</translation>
    </message>
    <message>
        <source>{partner} asks for an association in a way that cannot be read</source>
        <translation>{partner} bittet um eine Verbindung in einer Weise, die nicht lesbar ist</translation>
    </message>
    <message>
        <source>sends parts of messages that do not belong together</source>
        <translation>sendet Teile von Nachrichten, die nicht zusammengehören</translation>
    </message>
    <message>
        <source>{partner} sends parts of messages that do not belong together</source>
        <translation>{partner} sendet Teile von Nachrichten, die nicht zusammengehören</translation>
    </message>
    <message>
        <source>sends a command that cannot be read</source>
        <translation>sendet einen Befehl, der nicht lesbar ist</translation>
    </message>
    <message>
        <source>{partner} sends a command that cannot be read</source>
        <translation>{partner} sendet einen Befehl, der nicht lesbar ist</translation>
    </message>
    <message>
        <source>broke off the conversation</source>
        <translation>hat das Gespräch abgebrochen</translation>
    </message>
    <message>
        <source>{partner} broke off the conversation</source>
        <translation>{partner} hat das Gespräch abgebrochen</translation>
    </message>
    <message>
        <source>sends parts of messages with wrong lengths</source>
        <translation>sendet Teile von Nachrichten mit falschen Längen</translation>
    </message>
    <message>
        <source>{partner} sends parts of messages with wrong lengths</source>
        <translation>{partner} sendet Teile von Nachrichten mit falschen Längen</translation>
    </message>
    <message>
        <source>answers with what cannot be read</source>
        <translation>antwortet mit etwas, das nicht lesbar ist</translation>
    </message>
    <message>
        <source>{partner} answers with what cannot be read</source>
        <translation>{partner} antwortet mit etwas, das nicht lesbar ist</translation>
    </message>
    <message>
        <source>sends a command without an end</source>
        <translation>sendet einen Befehl ohne Ende</translation>
    </message>
    <message>
        <source>{partner} sends a command without an end</source>
        <translation>{partner} sendet einen Befehl ohne Ende</translation>
    </message>
    <message>
        <source>sends an answer without an end</source>
        <translation>sendet eine Antwort ohne Ende</translation>
    </message>
    <message>
        <source>{partner} sends an answer without an end</source>
        <translation>{partner} sendet eine Antwort ohne Ende</translation>
    </message>
    <message>
        <source>a data set that unpacks to more than any answer needs</source>
        <translation>ein Datensatz, der entpackt größer ist, als eine Antwort sein kann</translation>
    </message>
    <message>
        <source>no command holds {vr}</source>
        <translation type="vanished">kein Befehl enthält {vr}</translation>
    </message>
    <message>
        <source>We are &apos;{title}&apos;, it is called &apos;{title2}&apos;</source>
        <translation>Wir heißen „{title}“, gerufen wurde „{title2}“</translation>
    </message>
    <message>
        <source>Check the port and whether it must be a secured one</source>
        <translation>Port prüfen, und ob es der gesicherte sein muss</translation>
    </message>
    <message>
        <source>{name} cannot send to us: only this computer is listened to</source>
        <translation>{name} kann nichts hierher senden: Empfangen wird nur von diesem Rechner</translation>
    </message>
    <message>
        <source>Choose an address of this computer that the archive reaches</source>
        <translation>Eine Adresse dieses Rechners wählen, die das Archiv erreicht</translation>
    </message>
    <message>
        <source>Fetching image {here} of {whole}</source>
        <translation>Bild {here} von {whole} wird geholt</translation>
    </message>
    <message>
        <source>ended the conversation instead of answering</source>
        <translation>hat das Gespräch beendet, statt zu antworten</translation>
    </message>
    <message>
        <source>{partner} ended the conversation instead of answering</source>
        <translation>{partner} hat das Gespräch beendet, statt zu antworten</translation>
    </message>
    <message>
        <source>ended the conversation before all images had come</source>
        <translation>hat das Gespräch beendet, bevor alle Bilder da waren</translation>
    </message>
    <message>
        <source>{partner} ended the conversation before all images had come</source>
        <translation>{partner} hat das Gespräch beendet, bevor alle Bilder da waren</translation>
    </message>
    <message>
        <source>Fetching image {here} of {max}</source>
        <translation>Bild {here} von {max} wird geholt</translation>
    </message>
    <message>
        <source>{calling} asked for our word on what lies here and left; no archive of this title is known</source>
        <translation>{calling} wollte eine Bestätigung dessen, was hier liegt, und ging; ein Archiv mit diesem Namen ist nicht bekannt</translation>
    </message>
    <message>
        <source>{address} was turned away: {most_lines} partners are connected already</source>
        <translation>{address} wurde abgewiesen: {most_lines} Partner sind schon verbunden</translation>
    </message>
    <message>
        <source>{partner} was turned away: it called another AE title, or its own is not allowed</source>
        <translation>{partner} wurde abgewiesen: Ein anderer AE-Titel wurde gerufen, oder der eigene ist nicht erlaubt</translation>
    </message>
    <message>
        <source>Add it with theatrum pacs add</source>
        <translation>Mit theatrum pacs add hinzufügen</translation>
    </message>
    <message>
        <source>&apos;{by}&apos; is no way to fetch</source>
        <translation type="vanished">„{by}“ ist keine Art zu holen</translation>
    </message>
    <message>
        <source>Take get or move</source>
        <translation>get oder move nehmen</translation>
    </message>
    <message>
        <source>Sending image {told} of {total}</source>
        <translation>Objekt {told} von {total} wird gesendet</translation>
    </message>
    <message>
        <source>says that an attribute is missing</source>
        <translation>meldet, dass ein Merkmal fehlt</translation>
    </message>
    <message>
        <source>{partner} says that an attribute is missing</source>
        <translation>{partner} meldet, dass ein Merkmal fehlt</translation>
    </message>
    <message>
        <source>could not process it</source>
        <translation>konnte es nicht verarbeiten</translation>
    </message>
    <message>
        <source>{partner} could not process it</source>
        <translation>{partner} konnte es nicht verarbeiten</translation>
    </message>
    <message>
        <source>holds another object of the same number</source>
        <translation>hat ein anderes Objekt derselben Nummer</translation>
    </message>
    <message>
        <source>{partner} holds another object of the same number</source>
        <translation>{partner} hat ein anderes Objekt derselben Nummer</translation>
    </message>
    <message>
        <source>calls the object&apos;s number invalid</source>
        <translation>hält die Nummer des Objekts für ungültig</translation>
    </message>
    <message>
        <source>{partner} calls the object&apos;s number invalid</source>
        <translation>{partner} hält die Nummer des Objekts für ungültig</translation>
    </message>
    <message>
        <source>does not offer this service</source>
        <translation>bietet diesen Dienst nicht an</translation>
    </message>
    <message>
        <source>{partner} does not offer this service</source>
        <translation>{partner} bietet diesen Dienst nicht an</translation>
    </message>
    <message>
        <source>does not allow it</source>
        <translation>erlaubt es nicht</translation>
    </message>
    <message>
        <source>{partner} does not allow it</source>
        <translation>{partner} erlaubt es nicht</translation>
    </message>
    <message>
        <source>saw the same message twice</source>
        <translation>hat dieselbe Nachricht zweimal erhalten</translation>
    </message>
    <message>
        <source>{partner} saw the same message twice</source>
        <translation>{partner} hat dieselbe Nachricht zweimal erhalten</translation>
    </message>
    <message>
        <source>does not know the operation</source>
        <translation>kennt den Vorgang nicht</translation>
    </message>
    <message>
        <source>{partner} does not know the operation</source>
        <translation>{partner} kennt den Vorgang nicht</translation>
    </message>
    <message>
        <source>does not know where to send: our AE title is not in its list</source>
        <translation type="vanished">weiß nicht, wohin zu senden ist: Unser AE-Titel steht nicht in seiner Liste</translation>
    </message>
    <message>
        <source>{partner} does not know where to send: our AE title is not in its list</source>
        <translation type="vanished">{partner} weiß nicht, wohin zu senden ist: Unser AE-Titel steht nicht in seiner Liste</translation>
    </message>
    <message>
        <source>stopped as asked</source>
        <translation>hat wie gewünscht aufgehört</translation>
    </message>
    <message>
        <source>{partner} stopped as asked</source>
        <translation>{partner} hat wie gewünscht aufgehört</translation>
    </message>
    <message>
        <source>sends more than {most} matches</source>
        <translation>sendet mehr als {most} Treffer</translation>
    </message>
    <message>
        <source>{partner} sends more than {most} matches</source>
        <translation>{partner} sendet mehr als {most} Treffer</translation>
    </message>
    <message>
        <source>is out of room or power</source>
        <translation>hat keinen Platz oder keine Kraft mehr</translation>
    </message>
    <message>
        <source>{partner} is out of room or power</source>
        <translation>{partner} hat keinen Platz oder keine Kraft mehr</translation>
    </message>
    <message>
        <source>does not offer {what}</source>
        <translation>bietet nicht an: {what}</translation>
    </message>
    <message>
        <source>{partner} does not offer {what}</source>
        <translation>{partner} bietet nicht an: {what}</translation>
    </message>
    <message>
        <source>answers a question that was not asked</source>
        <translation>antwortet auf eine Frage, die nicht gestellt wurde</translation>
    </message>
    <message>
        <source>{partner} answers a question that was not asked</source>
        <translation>{partner} antwortet auf eine Frage, die nicht gestellt wurde</translation>
    </message>
    <message>
        <source>says that the data do not fit what they claim to be</source>
        <translation>meldet, dass die Daten nicht zu ihrer Angabe passen</translation>
    </message>
    <message>
        <source>{partner} says that the data do not fit what they claim to be</source>
        <translation>{partner} meldet, dass die Daten nicht zu ihrer Angabe passen</translation>
    </message>
    <message>
        <source>sends matches without an end</source>
        <translation>sendet Treffer ohne Ende</translation>
    </message>
    <message>
        <source>{partner} sends matches without an end</source>
        <translation>{partner} sendet Treffer ohne Ende</translation>
    </message>
    <message>
        <source>cannot understand or process it</source>
        <translation>kann es nicht verstehen oder verarbeiten</translation>
    </message>
    <message>
        <source>{partner} cannot understand or process it</source>
        <translation>{partner} kann es nicht verstehen oder verarbeiten</translation>
    </message>
    <message>
        <source>refuses it</source>
        <translation>lehnt es ab</translation>
    </message>
    <message>
        <source>{partner} refuses it</source>
        <translation>{partner} lehnt es ab</translation>
    </message>
    <message>
        <source>sends a match that cannot be read</source>
        <translation>sendet einen Treffer, der nicht lesbar ist</translation>
    </message>
    <message>
        <source>{partner} sends a match that cannot be read</source>
        <translation>{partner} sendet einen Treffer, der nicht lesbar ist</translation>
    </message>
    <message>
        <source>Ask for less</source>
        <translation>Nach weniger fragen</translation>
    </message>
    <message>
        <source>Have its administrator add our title, address and port</source>
        <translation>Die Verwaltung des Archivs unseren Titel mit Adresse und Port eintragen lassen</translation>
    </message>
    <message>
        <source>Ask the archive&apos;s administrator, or use another way</source>
        <translation>Die Verwaltung des Archivs fragen oder einen anderen Weg nehmen</translation>
    </message>
    <message>
        <source>Fetching image {here} of {len}</source>
        <translation>Bild {here} von {len} wird geholt</translation>
    </message>
    <message>
        <source>Sending image {told} of {len}</source>
        <translation>Objekt {told} von {len} wird gesendet</translation>
    </message>
    <message>
        <source>{name} sends an answer without an end</source>
        <translation>{name} sendet eine Antwort ohne Ende</translation>
    </message>
    <message>
        <source>{name} answers too slowly to wait for</source>
        <translation>{name} antwortet zu langsam, um darauf zu warten</translation>
    </message>
    <message>
        <source>{name} sends more than {most_rows} matches</source>
        <translation>{name} sendet mehr als {most_rows} Treffer</translation>
    </message>
    <message>
        <source>does not speak DICOM</source>
        <translation>spricht kein DICOM</translation>
    </message>
    <message>
        <source>{partner} does not speak DICOM</source>
        <translation>{partner} spricht kein DICOM</translation>
    </message>
    <message>
        <source>announces a message part of {length} bytes, more than {most_pdu_bytes}</source>
        <translation>kündigt einen Teil einer Nachricht mit {length} Byte an, mehr als {most_pdu_bytes}</translation>
    </message>
    <message>
        <source>{partner} announces a message part of {length} bytes, more than {most_pdu_bytes}</source>
        <translation>{partner} kündigt einen Teil einer Nachricht mit {length} Byte an, mehr als {most_pdu_bytes}</translation>
    </message>
    <message>
        <source>takes nothing more since {answer_s} s</source>
        <translation>nimmt seit {answer_s} s nichts mehr an</translation>
    </message>
    <message>
        <source>{partner} takes nothing more since {answer_s} s</source>
        <translation>{partner} nimmt seit {answer_s} s nichts mehr an</translation>
    </message>
    <message>
        <source>ended the connection</source>
        <translation>hat die Verbindung beendet</translation>
    </message>
    <message>
        <source>{partner} ended the connection</source>
        <translation>{partner} hat die Verbindung beendet</translation>
    </message>
    <message>
        <source>did not answer within {answer_s} s</source>
        <translation>hat nicht innerhalb von {answer_s} s geantwortet</translation>
    </message>
    <message>
        <source>{partner} did not answer within {answer_s} s</source>
        <translation>{partner} hat nicht innerhalb von {answer_s} s geantwortet</translation>
    </message>
    <message>
        <source>Try again; what arrived is kept</source>
        <translation>Noch einmal versuchen; was ankam, bleibt</translation>
    </message>
    <message>
        <source>Check the port</source>
        <translation>Port prüfen</translation>
    </message>
    <message>
        <source>&apos;{shown}&apos; holds characters that are no letters</source>
        <translation>„{shown}“ enthält Zeichen, die keine Buchstaben sind</translation>
    </message>
    <message>
        <source>Choose a name of printable letters</source>
        <translation>Einen Namen aus druckbaren Buchstaben wählen</translation>
    </message>
    <message>
        <source>Slices {runs}, where this plan was measured, were filled in between their neighbours: estimates</source>
        <translation>Die Schichten {runs}, an denen dieser Plan gemessen wurde, sind zwischen ihren Nachbarn ergänzt: Schätzwerte</translation>
    </message>
    <message>
        <source>Slices {runs}, where this plan was measured, were lost when the case was damaged: it cannot be checked</source>
        <translation>Die Schichten {runs}, an denen dieser Plan gemessen wurde, gingen verloren, als der Fall beschädigt wurde: Er lässt sich nicht prüfen</translation>
    </message>
    <message>
        <source>Slices {runs} were lost when the case was damaged, and this plan would be measured there</source>
        <translation>Die Schichten {runs} gingen verloren, als der Fall beschädigt wurde, und dieser Plan würde dort gemessen</translation>
    </message>
    <message>
        <source>Import the scan again and plan on it</source>
        <translation>Den Scan neu importieren und daran planen</translation>
    </message>
    <message>
        <source>no table with a list on each row</source>
        <translation>keine Tabelle mit einer Liste in jeder Zeile</translation>
    </message>
    <message>
        <source>read back otherwise than written</source>
        <translation>anders zurückgelesen als geschrieben</translation>
    </message>
    <message>
        <source>pixels that are no grey values</source>
        <translation>Bildpunkte, die keine Grauwerte sind</translation>
    </message>
    <message>
        <source>pixels of an unusual width or without an end</source>
        <translation>Bildpunkte von ungewöhnlicher Breite oder ohne Ende</translation>
    </message>
    <message>
        <source>values that do not fit</source>
        <translation>Werte, die nicht passen</translation>
    </message>
    <message>
        <source>is not taken in its compression, and cannot be unpacked</source>
        <translation>wird in seiner Kompression nicht angenommen und lässt sich nicht entpacken</translation>
    </message>
    <message>
        <source>Objects cannot be unpacked ({strerror})</source>
        <translation>Objekte lassen sich nicht entpacken ({strerror})</translation>
    </message>
    <message>
        <source>Check the disk for temporary files</source>
        <translation>Auf dem Datenträger Platz für vorübergehende Dateien prüfen</translation>
    </message>
    <message>
        <source>The file holds nothing as dark as air or fat: its values are not taken as Hounsfield units. If 1024 was added to a CT, take it away before the import.</source>
        <translation>Nichts in der Datei ist so dunkel wie Luft oder Fett: Ihre Werte gelten nicht als Hounsfield-Einheiten. Wurde zu einem CT 1024 addiert, das vor dem Import abziehen.</translation>
    </message>
    <message>
        <source>nested too deeply</source>
        <translation>zu tief verschachtelt</translation>
    </message>
    <message>
        <source>{name} does not say how its axes lie in the body ({told})</source>
        <translation>{name} sagt nicht, wie die Achsen im Körper liegen ({told})</translation>
    </message>
    <message>
        <source>{host}:{port} was turned away: {most_partners} partners are connected already</source>
        <translation>{host}:{port} wurde abgewiesen: {most_partners} Partner sind schon verbunden</translation>
    </message>
    <message>
        <source>{address}:{port} cannot be reached ({said})</source>
        <translation>{address}:{port} ist nicht zu erreichen ({said})</translation>
    </message>
    <message>
        <source>Start the navigation system first</source>
        <translation>Zuerst das Navigationssystem starten</translation>
    </message>
    <message>
        <source>{partner} does not speak OpenIGTLink</source>
        <translation>{partner} spricht kein OpenIGTLink</translation>
    </message>
    <message>
        <source>{partner} announces {length} bytes, more than {most_body_bytes}</source>
        <translation>{partner} kündigt {length} Byte an, mehr als {most_body_bytes}</translation>
    </message>
    <message>
        <source>{partner} sends a message that arrives damaged</source>
        <translation>{partner} sendet eine Nachricht, die beschädigt ankommt</translation>
    </message>
    <message>
        <source>Connect again</source>
        <translation>Neu verbinden</translation>
    </message>
    <message>
        <source>{partner} sends a message with wrong lengths</source>
        <translation>{partner} sendet eine Nachricht mit falschen Längen</translation>
    </message>
    <message>
        <source>Check its version</source>
        <translation>Seine Version prüfen</translation>
    </message>
    <message>
        <source>The plan &apos;{name}&apos; has no points, lines or planes to send</source>
        <translation>Der Plan „{name}“ hat keine Punkte, Linien oder Ebenen, die zu senden wären</translation>
    </message>
    <message>
        <source>Choose another plan</source>
        <translation>Einen anderen Plan wählen</translation>
    </message>
    <message>
        <source>Nothing can be received at {place} ({x})</source>
        <translation>Unter {place} kann nichts empfangen werden ({x})</translation>
    </message>
    <message>
        <source>&apos;{short}&apos; is no name of a node</source>
        <translation>„{short}“ ist kein Name für ein Archiv</translation>
    </message>
    <message>
        <source>&apos;{short}&apos; is no AE title</source>
        <translation>„{short}“ ist kein AE-Titel</translation>
    </message>
    <message>
        <source>No node is named &apos;{short}&apos;</source>
        <translation>Kein Archiv heißt „{short}“</translation>
    </message>
    <message>
        <source>&apos;{short}&apos; is no way to fetch</source>
        <translation>„{short}“ ist keine Art zu holen</translation>
    </message>
    <message>
        <source>&apos;{short}&apos; is no host</source>
        <translation>„{short}“ ist kein Rechner</translation>
    </message>
    <message>
        <source>{short} is no port</source>
        <translation>{short} ist kein Port</translation>
    </message>
    <message>
        <source>&apos;{date}&apos; is no date</source>
        <translation>„{date}“ ist kein Datum</translation>
    </message>
    <message>
        <source>Write YYYYMMDD or FROM-TO like 20260101-20260331</source>
        <translation>Als JJJJMMTT schreiben oder VON-BIS wie 20260101-20260331</translation>
    </message>
    <message>
        <source>&apos;{date}&apos; ends before it begins</source>
        <translation>„{date}“ endet, bevor es beginnt</translation>
    </message>
    <message>
        <source>Write the earlier day first</source>
        <translation>Den früheren Tag zuerst schreiben</translation>
    </message>
    <message>
        <source>&apos;{uid}&apos; is no UID</source>
        <translation>„{uid}“ ist keine UID</translation>
    </message>
    <message>
        <source>Take the figures and points that theatrum pacs find tells</source>
        <translation>Die Ziffern und Punkte nehmen, die theatrum pacs find nennt</translation>
    </message>
    <message>
        <source>{partner} is not taken in its compression</source>
        <translation>{partner} wird in seiner Kompression nicht angenommen</translation>
    </message>
    <message>
        <source>is of a kind that is not taken</source>
        <translation>ist von einer Art, die nicht angenommen wird</translation>
    </message>
    <message>
        <source>{partner} is of a kind that is not taken</source>
        <translation>{partner} ist von einer Art, die nicht angenommen wird</translation>
    </message>
    <message>
        <source>broke the line each time that it was sent</source>
        <translation>hat die Leitung bei jedem Senden abgebrochen</translation>
    </message>
    <message>
        <source>{partner} broke the line each time that it was sent</source>
        <translation>{partner} hat die Leitung bei jedem Senden abgebrochen</translation>
    </message>
    <message>
        <source>does not know where to send: the AE title is not in its list</source>
        <translation>weiß nicht, wohin zu senden ist: Der AE-Titel steht nicht in seiner Liste</translation>
    </message>
    <message>
        <source>{partner} does not know where to send: the AE title is not in its list</source>
        <translation>{partner} weiß nicht, wohin zu senden ist: Der AE-Titel steht nicht in seiner Liste</translation>
    </message>
    <message>
        <source>It may not know &apos;{to}&apos;: have its administrator add this title, its address and port</source>
        <translation>Vielleicht kennt es „{to}“ nicht: Die Verwaltung diesen Titel mit Adresse und Port eintragen lassen</translation>
    </message>
    <message>
        <source>ended the connection before it said anything</source>
        <translation>hat die Verbindung beendet, bevor etwas gesagt wurde</translation>
    </message>
    <message>
        <source>{partner} ended the connection before it said anything</source>
        <translation>{partner} hat die Verbindung beendet, bevor etwas gesagt wurde</translation>
    </message>
    <message>
        <source>ended the secured line ({tls_reason})</source>
        <translation>hat die gesicherte Verbindung beendet ({tls_reason})</translation>
    </message>
    <message>
        <source>{partner} ended the secured line ({tls_reason})</source>
        <translation>{partner} hat die gesicherte Verbindung beendet ({tls_reason})</translation>
    </message>
    <message>
        <source>wants a secured line (TLS)</source>
        <translation>verlangt eine gesicherte Verbindung (TLS)</translation>
    </message>
    <message>
        <source>{partner} wants a secured line (TLS)</source>
        <translation>{partner} verlangt eine gesicherte Verbindung (TLS)</translation>
    </message>
    <message>
        <source>Give certificates, or the port that is not secured</source>
        <translation>Zertifikate angeben, oder den Port, der nicht gesichert ist</translation>
    </message>
    <message>
        <source>{one}: stands in {other} with {measure} ml, {len} pair(s) in all. The slicer decides which one is printed there.</source>
        <translation>{one}: steht mit {measure} ml in {other}, {len} Paar(e) insgesamt. Was dort gedruckt wird, entscheidet der Slicer.</translation>
    </message>
    <message>
        <source>{one}: {measure} mm from {other}, {len} pair(s) in all. They may grow together.</source>
        <translation>{one}: {measure} mm von {other}, {len} Paar(e) insgesamt. Sie können zusammenwachsen.</translation>
    </message>
    <message>
        <source>{name}: the file lies {row} mm on average and {row2} mm at most from what was planned.</source>
        <translation>{name}: Die Datei liegt im Mittel {row} mm und höchstens {row2} mm neben dem, was geplant war.</translation>
    </message>
    <message>
        <source>Comparing {name}</source>
        <translation>{name} wird verglichen</translation>
    </message>
    <message>
        <source>{name} holds other files than such objects, so it is not replaced</source>
        <translation>{name} enthält auch andere Dateien als solche Objekte und wird daher nicht ersetzt</translation>
    </message>
    <message>
        <source>Made in another phase than the images that the objects refer to ({shown}): {join}.</source>
        <translation>In einer anderen Phase erstellt als die Bilder, auf die sich die Objekte beziehen ({shown}): {join}.</translation>
    </message>
    <message>
        <source>The journal is lost with every snapshot: images and structures came back as they were when the case was last closed, without plans, measurements and what they were called in the list of cases</source>
        <translation>Das Journal ist mit jedem Zwischenstand verloren: Bilder und Strukturen sind zurück, wie sie beim letzten Schließen des Falls waren, ohne Pläne, Messungen und ihren Namen in der Fallliste</translation>
    </message>
    <message>
        <source>The images do not call their values Hounsfield units; numbers may be wrong.</source>
        <translation>Die Bilder nennen ihre Werte nicht Hounsfield-Einheiten; Zahlen können falsch sein.</translation>
    </message>
    <message>
        <source>it cannot be read ({strerror})</source>
        <translation>nicht lesbar ({strerror})</translation>
    </message>
    <message>
        <source>SOPClassUID</source>
        <translation>SOPClassUID</translation>
    </message>
    <message>
        <source>its compression cannot be checked</source>
        <translation>die Komprimierung kann nicht geprüft werden</translation>
    </message>
    <message>
        <source>Pictures or documents</source>
        <translation>Bilder oder Dokumente</translation>
    </message>
    <message>
        <source>A secondary capture (a picture of a screen or a page)</source>
        <translation>Eine Bildschirmaufnahme (Bild eines Bildschirms oder einer Seite)</translation>
    </message>
    <message>
        <source>no command holds {keyword}</source>
        <translation>kein Befehl enthält {keyword}</translation>
    </message>
    <message>
        <source>an element without its head</source>
        <translation>ein Element ohne Kopf</translation>
    </message>
    <message>
        <source>an element that goes beyond the command</source>
        <translation>ein Element, das über den Befehl hinausreicht</translation>
    </message>
    <message>
        <source>a command that says two things of itself</source>
        <translation>ein Befehl, der Widersprüchliches über sich sagt</translation>
    </message>
    <message>
        <source>a value that is none of its kind</source>
        <translation>ein Wert, der nicht von seiner Art ist</translation>
    </message>
    <message>
        <source>{scale} mm, model {x} %</source>
        <translation>{scale} mm, Modell {x} %</translation>
    </message>
    <message>
        <source>Move it into the scan</source>
        <translation>In den Scan verschieben</translation>
    </message>
    <message>
        <source>This scan carries contrast ({median} HU in {x} % of the valve&apos;s surroundings)</source>
        <translation>Dieser Scan enthält Kontrastmittel ({median} HU in {x} % der Umgebung der Klappe)</translation>
    </message>
    <message>
        <source>The Agatston score needs a scan without contrast</source>
        <translation>Der Agatston-Score braucht einen Scan ohne Kontrastmittel</translation>
    </message>
    <message>
        <source>There is no heart at this point ({middle} HU round it: air, lung or fat)</source>
        <translation>An diesem Punkt ist kein Herz ({middle} HU ringsum: Luft, Lunge oder Fett)</translation>
    </message>
    <message>
        <source>Place it in the middle of the aortic valve</source>
        <translation>In die Mitte der Aortenklappe setzen</translation>
    </message>
    <message>
        <source>Two leaflets in two sinuses are seen: the valve looks bicuspid without a raphe (Sievers 0). It has two lowest points; the third point only holds the plane. Check the hinges.</source>
        <translation>Zwei Taschen in zwei Sinus sind zu sehen: die Klappe sieht bikuspid ohne Raphe aus (Sievers 0). Sie hat zwei tiefste Punkte; der dritte Punkt hält nur die Ebene. Die Hinge-Punkte prüfen.</translation>
    </message>
    <message>
        <source>The valve may be bicuspid (Sievers {sievers}): {joined}. Check the hinges.</source>
        <translation>Die Klappe ist vielleicht bikuspid (Sievers {sievers}): {joined}. Die Hinge-Punkte prüfen.</translation>
    </message>
    <message>
        <source>Three sinuses with three leaflets are not seen: the valve may be bicuspid without a raphe (Sievers 0).</source>
        <translation>Drei Sinus mit drei Taschen sind nicht zu sehen: die Klappe ist vielleicht bikuspid ohne Raphe (Sievers 0).</translation>
    </message>
    <message>
        <source>{text} Three hinges may not fit it. Place them by hand.</source>
        <translation>{text} Drei Hinge-Punkte passen vielleicht nicht. Von Hand setzen.</translation>
    </message>
    <message>
        <source>The blood reads {blood_hu} HU; below 200 edges are uncertain.</source>
        <translation>Das Blut misst {blood_hu} HU; unter 200 sind Ränder unsicher.</translation>
    </message>
    <message>
        <source>Not all leaflets are seen clearly. Check the hinges.</source>
        <translation>Nicht alle Taschen sind klar zu sehen. Die Hinge-Punkte prüfen.</translation>
    </message>
    <message>
        <source>Two estimates of the plane differ by {offset} mm and {tilt}°. Check the hinges.</source>
        <translation>Zwei Schätzungen der Ebene unterscheiden sich um {offset} mm und {tilt}°. Die Hinge-Punkte prüfen.</translation>
    </message>
    <message>
        <source>The coronaries do not fit the names of the cusps. Check which side of the patient is left.</source>
        <translation>Die Koronarien passen nicht zu den Namen der Taschen. Prüfen, welche Seite des Patienten links ist.</translation>
    </message>
    <message>
        <source>No {join} coronary ostium was found.</source>
        <translation>Kein {join} Koronarostium wurde gefunden.</translation>
    </message>
    <message>
        <source>and no</source>
        <translation>und kein</translation>
    </message>
    <message>
        <source>Thick slices, noise or weak contrast: the points are less certain.</source>
        <translation>Dicke Schichten, Rauschen oder schwacher Kontrast: die Punkte sind weniger sicher.</translation>
    </message>
    <message>
        <source>The scan ends close below the root.</source>
        <translation>Der Scan endet dicht unter der Wurzel.</translation>
    </message>
    <message>
        <source>Which cusp is which is not certain. Check the names.</source>
        <translation>Welche Tasche welche ist, ist nicht sicher. Die Namen prüfen.</translation>
    </message>
    <message>
        <source>Looking for great vessels</source>
        <translation>Große Gefäße werden gesucht</translation>
    </message>
    <message>
        <source>Naming the cusps</source>
        <translation>Die Taschen werden benannt</translation>
    </message>
    <message>
        <source>Use a contrast CT. In a dark aorta hinges cannot be measured by hand either</source>
        <translation>Ein CT mit Kontrastmittel nehmen. In einer dunklen Aorta sind Hinge-Punkte auch von Hand nicht zu messen</translation>
    </message>
    <message>
        <source>No aortic root was found in the scan</source>
        <translation>Im Scan wurde keine Aortenwurzel gefunden</translation>
    </message>
    <message>
        <source>The root is found in a CT only</source>
        <translation>Die Wurzel wird nur in einem CT gefunden</translation>
    </message>
    <message>
        <source>The scan is too small to hold a root</source>
        <translation>Der Scan ist zu klein für eine Wurzel</translation>
    </message>
    <message>
        <source>Looking for leaflets</source>
        <translation>Die Segel werden gesucht</translation>
    </message>
    <message>
        <source>The scan ends before the aortic root is whole</source>
        <translation>Der Scan endet, bevor die Aortenwurzel vollständig ist</translation>
    </message>
    <message>
        <source>No aorta was found in the scan</source>
        <translation>Im Scan wurde keine Aorta gefunden</translation>
    </message>
    <message>
        <source>A valve prosthesis is in place</source>
        <translation>Eine Klappenprothese ist eingesetzt</translation>
    </message>
    <message>
        <source>The {name} commissure stays low ({x} mm against {others} mm): the valve may be bicuspid, Sievers {sievers}. Check it.</source>
        <translation>Die Kommissur {name} bleibt niedrig ({x} mm gegen {others} mm): die Klappe ist vielleicht bikuspid, Sievers {sievers}. Prüfen.</translation>
    </message>
    <message>
        <source>Two leaflets in two sinuses are seen: the valve looks bicuspid, Sievers 0. Check it.</source>
        <translation>Zwei Taschen in zwei Sinus sind zu sehen: die Klappe sieht bikuspid aus, Sievers 0. Prüfen.</translation>
    </message>
    <message>
        <source>The number of cusps is not told: {reason}.</source>
        <translation>Die Zahl der Taschen steht nicht fest: {reason}.</translation>
    </message>
    <message>
        <source>{left_out} mm³ next to the root belongs to something large and bright outside it, such as dense contrast in a chamber, and is not counted as calcium.</source>
        <translation>{left_out} mm³ neben der Wurzel gehören zu etwas Großem, Hellem außerhalb, etwa dichtem Kontrastmittel in einer Herzhöhle, und zählen nicht als Kalk.</translation>
    </message>
    <message>
        <source>The blood has {calcium} ± {calcium2} HU: at {value} HU some of it is counted as calcium.</source>
        <translation>Das Blut hat {calcium} ± {calcium2} HU: bei {value} HU zählt etwas davon als Kalk.</translation>
    </message>
    <message>
        <source>A further opening in the {names} sinus {height_mm} mm above the annulus: {kind}?</source>
        <translation>Eine weitere Öffnung im {names}-Sinus {height_mm} mm über dem Anulus: {kind}?</translation>
    </message>
    <message>
        <source>No opening was found in the {side} sinus. The {side2} coronary seems to leave the {names} sinus. Check it.</source>
        <translation>Im {side} Sinus wurde keine Öffnung gefunden. Die {side2} Koronararterie scheint aus dem {names}-Sinus abzugehen. Prüfen.</translation>
    </message>
    <message>
        <source>The {side} coronary ostium was not found. Place its lowest rim point by hand.</source>
        <translation>Das {side} Koronarostium wurde nicht gefunden. Den tiefsten Punkt seines Randes von Hand setzen.</translation>
    </message>
    <message>
        <source>The {side} coronary leaves {height_mm} mm above the sinotubular junction (high take-off).</source>
        <translation>Die {side} Koronararterie geht {height_mm} mm über dem sinutubulären Übergang ab (hoher Abgang).</translation>
    </message>
    <message>
        <source>within {low} to {high} {unit}</source>
        <translation>zwischen {low} und {high} {unit}</translation>
    </message>
    <message>
        <source>in range, scan too poor</source>
        <translation>im Bereich, Scan zu schlecht</translation>
    </message>
    <message>
        <source>annulus {low} {unit} under {low2} {unit2}</source>
        <translation>Anulus {low} {unit} unter {low2} {unit2}</translation>
    </message>
    <message>
        <source>annulus {value} {unit} over {high} {unit2}</source>
        <translation>Anulus {value} {unit} über {high} {unit2}</translation>
    </message>
    <message>
        <source>There is no valve {model} {size} in the catalogue</source>
        <translation>Im Katalog gibt es keine Klappe {model} {size}</translation>
    </message>
    <message>
        <source>Known are {join}</source>
        <translation>Bekannt sind {join}</translation>
    </message>
    <message>
        <source>The row {name} of the valve catalogue is wrong: {what}</source>
        <translation>Die Zeile {name} des Klappenkatalogs ist falsch: {what}</translation>
    </message>
    <message>
        <source>Correct devices.json</source>
        <translation>devices.json berichtigen</translation>
    </message>
    <message>
        <source>Fluoroscopy needs a CT in Hounsfield units</source>
        <translation>Durchleuchtung braucht ein CT in Hounsfield-Einheiten</translation>
    </message>
    <message>
        <source>Choose a CT series</source>
        <translation>Eine CT-Serie wählen</translation>
    </message>
    <message>
        <source>The C-arm&apos;s angles and isocentre must be numbers</source>
        <translation>Winkel und Isozentrum des C-Bogens müssen Zahlen sein</translation>
    </message>
    <message>
        <source>Type LAO and CRA in degrees</source>
        <translation>LAO und CRA in Grad eingeben</translation>
    </message>
    <message>
        <source>The source must be nearer to the patient than to the detector</source>
        <translation>Die Quelle muss dem Patienten näher sein als dem Detektor</translation>
    </message>
    <message>
        <source>Check SID and SOD</source>
        <translation>SID und SOD prüfen</translation>
    </message>
    <message>
        <source>The picture needs a field and at least two pixels</source>
        <translation>Das Bild braucht ein Feld und mindestens zwei Pixel</translation>
    </message>
    <message>
        <source>Check field and size</source>
        <translation>Feld und Größe prüfen</translation>
    </message>
    <message>
        <source>Contrast needs the lumen of root or aorta</source>
        <translation>Kontrast braucht das Lumen von Wurzel oder Aorta</translation>
    </message>
    <message>
        <source>Prepare with a lumen</source>
        <translation>Mit einem Lumen vorbereiten</translation>
    </message>
    <message>
        <source>The aorta seems to lie below this plane. Hinges may be named in the wrong order: N, R, L.</source>
        <translation>Die Aorta scheint unter dieser Ebene zu liegen. Die Hinge-Punkte sind vielleicht in falscher Folge benannt: N, R, L.</translation>
    </message>
    <message>
        <source>Three hinge points are needed</source>
        <translation>Drei Hinge-Punkte werden gebraucht</translation>
    </message>
    <message>
        <source>Place the non-coronary, right and left one</source>
        <translation>Den akoronaren, rechten und linken setzen</translation>
    </message>
    <message>
        <source>A hinge point is outside the scan</source>
        <translation>Ein Hinge-Punkt liegt außerhalb des Scans</translation>
    </message>
    <message>
        <source>Hinge points lie on one line</source>
        <translation>Die Hinge-Punkte liegen auf einer Linie</translation>
    </message>
    <message>
        <source>Move one by at least 2 mm</source>
        <translation>Einen um mindestens 2 mm verschieben</translation>
    </message>
    <message>
        <source>Hinge points are {min} to {max} mm apart</source>
        <translation>Die Hinge-Punkte liegen {min} bis {max} mm auseinander</translation>
    </message>
    <message>
        <source>They must be {side_mm} to {side_mm2} mm apart; move them</source>
        <translation>Sie müssen {side_mm} bis {side_mm2} mm auseinanderliegen; verschieben</translation>
    </message>
    <message>
        <source>No aortic prosthesis has an inner diameter of {inner} mm</source>
        <translation>Keine Aortenprothese hat einen Innendurchmesser von {inner} mm</translation>
    </message>
    <message>
        <source>Give its true inner diameter, {inner_mm} to {inner_mm2} mm</source>
        <translation>Ihren wahren Innendurchmesser angeben, {inner_mm} bis {inner_mm2} mm</translation>
    </message>
    <message>
        <source>{join} {x} missing.</source>
        <translation>{join} {x}.</translation>
    </message>
    <message>
        <source>VTC {text_value}, VTSTJ {text_value2}. The wall below the junction was not measured.</source>
        <translation>VTC {text_value}, VTSTJ {text_value2}. Die Wand unter dem Übergang wurde nicht gemessen.</translation>
    </message>
    <message>
        <source>An ostium point is not three numbers</source>
        <translation>Ein Ostiumpunkt besteht nicht aus drei Zahlen</translation>
    </message>
    <message>
        <source>An ostium point is outside the scan</source>
        <translation>Ein Ostiumpunkt liegt außerhalb des Scans</translation>
    </message>
    <message>
        <source>Look at the {hinge_names} hinge. Two estimates are {apart} mm apart.</source>
        <translation>Den Hinge-Punkt {hinge_names} ansehen. Zwei Schätzungen liegen {apart} mm auseinander.</translation>
    </message>
    <message>
        <source>The free edge of the {join} leaflet cannot be told here; its length is left out.</source>
        <translation>Der freie Rand der Tasche {join} ist hier nicht zu erkennen; seine Länge entfällt.</translation>
    </message>
    <message>
        <source>not over</source>
        <translation>nicht über</translation>
    </message>
    <message>
        <source>Phases without a closed outflow tract: {join}.</source>
        <translation>Phasen ohne geschlossenen Ausflusstrakt: {join}.</translation>
    </message>
    <message>
        <source>There is no mitral valve {model} {size} in the catalogue</source>
        <translation>Im Katalog gibt es keine Mitralklappe {model} {size}</translation>
    </message>
    <message>
        <source>Known are {known}</source>
        <translation>Bekannt sind {known}</translation>
    </message>
    <message>
        <source>The outflow tract is not closed on {count} of {count2} planes.</source>
        <translation>Der Ausflusstrakt ist auf {count} von {count2} Ebenen nicht geschlossen.</translation>
    </message>
    <message>
        <source>The valve stands in no plane of the outflow tract: the area is the tract&apos;s own. Check the mitral points.</source>
        <translation>Die Klappe steht in keiner Ebene des Ausflusstrakts: die Fläche ist die des Trakts selbst. Die Mitralpunkte prüfen.</translation>
    </message>
    <message>
        <source>The row {name} of the valve catalogue is wrong</source>
        <translation>Die Zeile {name} des Klappenkatalogs ist falsch</translation>
    </message>
    <message>
        <source>The mitral annulus needs six points or more</source>
        <translation>Der Mitralanulus braucht sechs Punkte oder mehr</translation>
    </message>
    <message>
        <source>Place more points round it</source>
        <translation>Mehr Punkte darum setzen</translation>
    </message>
    <message>
        <source>The points of the mitral annulus lie on a line</source>
        <translation>Die Punkte des Mitralanulus liegen auf einer Linie</translation>
    </message>
    <message>
        <source>Place them all round it</source>
        <translation>Alle ringsum setzen</translation>
    </message>
    <message>
        <source>The outflow tract needs a centreline</source>
        <translation>Der Ausflusstrakt braucht eine Mittellinie</translation>
    </message>
    <message>
        <source>Give two points or more</source>
        <translation>Zwei Punkte oder mehr angeben</translation>
    </message>
    <message>
        <source>The outflow tract&apos;s centreline is too short</source>
        <translation>Die Mittellinie des Ausflusstrakts ist zu kurz</translation>
    </message>
    <message>
        <source>Give more of it</source>
        <translation>Mehr davon angeben</translation>
    </message>
    <message>
        <source>The outflow tract shows no closed lumen</source>
        <translation>Der Ausflusstrakt zeigt kein geschlossenes Lumen</translation>
    </message>
    <message>
        <source>Check centreline and contrast</source>
        <translation>Mittellinie und Kontrast prüfen</translation>
    </message>
    <message>
        <source>The aortic annulus was not followed through the heartbeat</source>
        <translation>Der Aortenanulus wurde nicht durch den Herzschlag verfolgt</translation>
    </message>
    <message>
        <source>Follow it first</source>
        <translation>Zuerst verfolgen</translation>
    </message>
    <message>
        <source>mitral annulus</source>
        <translation>Mitralanulus</translation>
    </message>
    <message>
        <source>Measuring the neo-LVOT, phase {phase}</source>
        <translation>Der Neo-LVOT wird gemessen, Phase {phase}</translation>
    </message>
    <message>
        <source>The points lie {away} mm from the aortic annulus, where no mitral valve is</source>
        <translation>Die Punkte liegen {away} mm vom Aortenanulus, wo keine Mitralklappe ist</translation>
    </message>
    <message>
        <source>Place them round the mitral annulus</source>
        <translation>Um den Mitralanulus setzen</translation>
    </message>
    <message>
        <source>the heart could not be followed into this phase</source>
        <translation>das Herz konnte nicht in diese Phase verfolgt werden</translation>
    </message>
    <message>
        <source>VTC {vtc_mm} is not over {vtc_mm2}</source>
        <translation>VTC {vtc_mm} ist nicht über {vtc_mm2}</translation>
    </message>
    <message>
        <source>calcium {calcium_mm3} is over {calcium_mm32}</source>
        <translation>Kalk {calcium_mm3} ist über {calcium_mm32}</translation>
    </message>
    <message>
        <source>Cusp {cusp_mm} is not above the ostium {coronary_mm}</source>
        <translation>Tasche {cusp_mm} liegt nicht über dem Ostium {coronary_mm}</translation>
    </message>
    <message>
        <source>{text}, VTC {vtc_mm} is over {vtc_mm2} and calcium {calcium_mm3} under {calcium_mm32}.</source>
        <translation>{text}, VTC {vtc_mm} ist über {vtc_mm2} und Kalk {calcium_mm3} unter {calcium_mm32}.</translation>
    </message>
    <message>
        <source>Cusp {cusp_mm} is above the ostium {coronary_mm}, but VTC {vtc_mm} is over {vtc_mm2} and calcium {calcium_mm3} under {calcium_mm32}.</source>
        <translation>Tasche {cusp_mm} liegt über dem Ostium {coronary_mm}, aber VTC {vtc_mm} ist über {vtc_mm2} und Kalk {calcium_mm3} unter {calcium_mm32}.</translation>
    </message>
    <message>
        <source>The annulus is widest at {name}: {best} mm² against the phase measured.</source>
        <translation>Der Anulus ist am weitesten bei {name}: {best} mm² gegenüber der gemessenen Phase.</translation>
    </message>
    <message>
        <source>Following the annulus</source>
        <translation>Anulus wird verfolgt</translation>
    </message>
    <message>
        <source>Follow the annulus first</source>
        <translation>Zuerst den Anulus verfolgen</translation>
    </message>
    <message>
        <source>The annulus could not be measured in {phase_name}</source>
        <translation>Der Anulus konnte in {phase_name} nicht gemessen werden</translation>
    </message>
    <message>
        <source>plan</source>
        <comment>the phase of the plan</comment>
        <translation>Plan</translation>
    </message>
    <message>
        <source>The annulus could not be measured in any phase.</source>
        <translation>Der Anulus konnte in keiner Phase gemessen werden.</translation>
    </message>
    <message>
        <source>The curve comes with the plan: find the root in step 2.</source>
        <translation>Die Kurve kommt mit dem Plan: die Wurzel in Schritt 2 finden.</translation>
    </message>
    <message>
        <source>The annulus was not followed through the heartbeat.</source>
        <translation>Der Anulus wurde nicht durch den Herzschlag verfolgt.</translation>
    </message>
    <message>
        <source>Use systole</source>
        <translation>Systole nehmen</translation>
    </message>
    <message>
        <source>Widest at {name}{wider}</source>
        <translation>Am weitesten bei {name}{wider}</translation>
    </message>
    <message>
        <source>Sizes are chosen in systole.</source>
        <translation>Größen werden in der Systole gewählt.</translation>
    </message>
    <message>
        <source>Not measured at {names}</source>
        <translation>Nicht gemessen bei {names}</translation>
    </message>
    <message>
        <source>Numbers are of {planned}</source>
        <translation>Die Zahlen sind von {planned}</translation>
    </message>
    <message>
        <source>The panes show {phase_name}.</source>
        <translation>Die Ansichten zeigen {phase_name}.</translation>
    </message>
    <message>
        <source>Systole is near {name}</source>
        <translation>Die Systole ist nahe {name}</translation>
    </message>
    <message>
        <source>In diastole the annulus reads about 24 mm² smaller.</source>
        <translation>In der Diastole misst der Anulus etwa 24 mm² weniger.</translation>
    </message>
    <message>
        <source>Show it</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>The annulus is widest in the phase measured, {name}.</source>
        <translation>Der Anulus ist in der gemessenen Phase am weitesten, {name}.</translation>
    </message>
    <message>
        <source>The annulus is widest at {name}.</source>
        <translation>Der Anulus ist am weitesten bei {name}.</translation>
    </message>
    <message>
        <source>A point of the contour is too far from the edge</source>
        <translation>Ein Punkt der Kontur ist zu weit vom Rand</translation>
    </message>
    <message>
        <source>Pull it less far</source>
        <translation>Weniger weit ziehen</translation>
    </message>
    <message>
        <source>The pulled contour crosses itself</source>
        <translation>Die gezogene Kontur kreuzt sich selbst</translation>
    </message>
    <message>
        <source>{area_mm2} mm² is no aortic annulus (about 250 to 900). Check the hinges.</source>
        <translation>{area_mm2} mm² sind kein Aortenanulus (etwa 250 bis 900). Die Hinge-Punkte prüfen.</translation>
    </message>
    <message>
        <source>The left ostium lies over the right cusp and the right one over the left. They may be swapped.</source>
        <translation>Das linke Ostium liegt über der rechten Tasche und das rechte über der linken. Vielleicht sind sie vertauscht.</translation>
    </message>
    <message>
        <source>The heart phase is not known. In diastole the annulus reads about 24 mm² smaller.</source>
        <translation>Die Herzphase ist nicht bekannt. In der Diastole misst der Anulus etwa 24 mm² weniger.</translation>
    </message>
    <message>
        <source>The edge is unclear over {x} % of the contour</source>
        <translation>Der Rand ist über {x} % der Kontur unklar</translation>
    </message>
    <message>
        <source>There is no contrast in the root ({lumen_hu} HU)</source>
        <translation>In der Wurzel ist kein Kontrast ({lumen_hu} HU)</translation>
    </message>
    <message>
        <source>Use a contrast CT, or move the hinges into the root</source>
        <translation>Ein CT mit Kontrastmittel nehmen oder die Hinge-Punkte in die Wurzel verschieben</translation>
    </message>
    <message>
        <source>The phase {phase} is not systole, in which the annulus is about 24 mm² larger.</source>
        <translation>Die Phase {phase} ist nicht die Systole, in der der Anulus etwa 24 mm² größer ist.</translation>
    </message>
    <message>
        <source>No sinuses can be told from the tube above this plane; they are left out.</source>
        <translation>Über dieser Ebene sind keine Sinus vom Rohr zu unterscheiden; sie entfallen.</translation>
    </message>
    <message>
        <source>The sinotubular junction is not in the scan or has no closed edge.</source>
        <translation>Der sinutubuläre Übergang ist nicht im Scan oder hat keinen geschlossenen Rand.</translation>
    </message>
    <message>
        <source>(calcium or a neighbour). Check it.</source>
        <translation>(Kalk oder ein Nachbar). Prüfen.</translation>
    </message>
    <message>
        <source>A prosthesis stands in the annulus: metal brighter than 1500 HU all round</source>
        <translation>Im Anulus steht eine Prothese: Metall über 1500 HU ringsum</translation>
    </message>
    <message>
        <source>Plan a valve in it by its own inner size; the native annulus cannot be measured</source>
        <translation>Eine Klappe darin nach deren eigenem Innenmaß planen; der native Anulus ist nicht zu messen</translation>
    </message>
    <message>
        <source>The {side} ostium lies {away} mm from the root&apos;s axis. Check its point.</source>
        <translation>Das {side} Ostium liegt {away} mm von der Achse der Wurzel. Seinen Punkt prüfen.</translation>
    </message>
    <message>
        <source>The {side} ostium lies below the annulus. Check its point.</source>
        <translation>Das {side} Ostium liegt unter dem Anulus. Seinen Punkt prüfen.</translation>
    </message>
    <message>
        <source>The {side} coronary height {height_mm} mm is below 10.</source>
        <translation>Der Koronarabstand ({side}) von {height_mm} mm liegt unter 10.</translation>
    </message>
    <message>
        <source>{x} {abs}° is beyond {cra_deg}°</source>
        <translation>{x} {abs}° liegt jenseits von {cra_deg}°</translation>
    </message>
    <message>
        <source>CRA</source>
        <translation>CRA</translation>
    </message>
    <message>
        <source>CAU</source>
        <translation>CAU</translation>
    </message>
    <message>
        <source>{x} {abs}° is beyond {lao_deg}°</source>
        <translation>{x} {abs}° liegt jenseits von {lao_deg}°</translation>
    </message>
    <message>
        <source>LAO</source>
        <translation>LAO</translation>
    </message>
    <message>
        <source>RAO</source>
        <translation>RAO</translation>
    </message>
    <message>
        <source>Type {positive} 13, {negative} 13 or −13</source>
        <translation>{positive} 13, {negative} 13 oder −13 eingeben</translation>
    </message>
    <message>
        <source>The hinge points do not define a view</source>
        <translation>Die Hinge-Punkte legen keine Ansicht fest</translation>
    </message>
    <message>
        <source>{x} is not an angle</source>
        <translation>{x} ist kein Winkel</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Nichts</translation>
    </message>
    <message>
        <source>{strip} is not an angle with {positive} or {negative}</source>
        <translation>{strip} ist kein Winkel mit {positive} oder {negative}</translation>
    </message>
    <message>
        <source>{strip} is beyond {limit_deg}°</source>
        <translation>{strip} liegt jenseits von {limit_deg}°</translation>
    </message>
    <message>
        <source>Set in the settings, “C-arm of your room”. Angles are for a table that lies flat.</source>
        <translation>In den Einstellungen gesetzt, „C-Bogen im Saal“. Die Winkel gelten für einen flachen Tisch.</translation>
    </message>
    <message>
        <source>edge on ± {spread_deg:.1f}°</source>
        <translation>auf der Kante ± {spread_deg:.1f}°</translation>
    </message>
    <message>
        <source>in reach</source>
        <translation>erreichbar</translation>
    </message>
    <message>
        <source>out of reach</source>
        <translation>nicht erreichbar</translation>
    </message>
    <message>
        <source>Limits, LAO · CRA</source>
        <translation>Grenzen, LAO · CRA</translation>
    </message>
    <message>
        <source>Foreshortening now</source>
        <translation>Verkürzung jetzt</translation>
    </message>
    <message>
        <source>{name}: nearest is {text_carm}.</source>
        <translation>{name}: am nächsten ist {text_carm}.</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>The view is in reach</source>
        <translation>Die Ansicht ist erreichbar</translation>
    </message>
    <message>
        <source>Both views are in reach</source>
        <translation>Beide Ansichten sind erreichbar</translation>
    </message>
    <message>
        <source>All {count} views are in reach</source>
        <translation>Alle {count} Ansichten sind erreichbar</translation>
    </message>
    <message>
        <source>The view is</source>
        <translation type="vanished">Die Ansicht ist</translation>
    </message>
    <message>
        <source>Both views are</source>
        <translation type="vanished">Beide Ansichten sind</translation>
    </message>
    <message>
        <source>{count} in reach</source>
        <translation type="vanished">{count} erreichbar</translation>
    </message>
    <message>
        <source>Nearest limit: {side} {limit:.0f}°, {away:.0f}° away.</source>
        <translation>Nächste Grenze: {side} {limit:.0f}°, {away:.0f}° entfernt.</translation>
    </message>
    <message>
        <source>There is no contrast here</source>
        <translation>Hier ist kein Kontrast</translation>
    </message>
    <message>
        <source>The LVOT has no closed edge at {join} mm below the annulus.</source>
        <translation>Der LVOT hat {join} mm unter dem Anulus keinen geschlossenen Rand.</translation>
    </message>
    <message>
        <source>The membranous septum is not measured: {reason}.</source>
        <translation>Das membranöse Septum ist nicht gemessen: {reason}.</translation>
    </message>
    <message>
        <source>{what} below {low}</source>
        <translation type="vanished">{what} unter {low}</translation>
    </message>
    <message>
        <source>{what} above {high}</source>
        <translation type="vanished">{what} über {high}</translation>
    </message>
    <message>
        <source>Too little of the root&apos;s wall is seen</source>
        <translation>Zu wenig von der Wand der Wurzel ist zu sehen</translation>
    </message>
    <message>
        <source>Choose another place</source>
        <translation>Eine andere Stelle wählen</translation>
    </message>
    <message>
        <source>The section leaves the measured wall</source>
        <translation>Der Querschnitt verlässt die gemessene Wand</translation>
    </message>
    <message>
        <source>Place it nearer</source>
        <translation>Näher setzen</translation>
    </message>
    <message>
        <source>This holds no vessel plan</source>
        <translation>Das enthält keinen Gefäßplan</translation>
    </message>
    <message>
        <source>Choose a vessel plan, or a .json that --json or export wrote</source>
        <translation>Einen Gefäßplan wählen oder eine .json, die --json oder export geschrieben hat</translation>
    </message>
    <message>
        <source>The aneurysm cannot be measured: {lower}{what}.</source>
        <translation>Das Aneurysma kann nicht gemessen werden: {lower}{what}.</translation>
    </message>
    <message>
        <source>Growth cannot be measured: {lower}{what}.</source>
        <translation>Das Wachstum kann nicht gemessen werden: {lower}{what}.</translation>
    </message>
    <message>
        <source>This place lies in a vessel that is known already</source>
        <translation>Diese Stelle liegt in einem schon bekannten Gefäß</translation>
    </message>
    <message>
        <source>Click farther out in the branch</source>
        <translation>Weiter außen in den Ast klicken</translation>
    </message>
    <message>
        <source>Too little of this branch lies apart from its parent</source>
        <translation>Zu wenig von diesem Ast liegt getrennt vom Stammgefäß</translation>
    </message>
    <message>
        <source>Click farther out</source>
        <translation>Weiter außen klicken</translation>
    </message>
    <message>
        <source>A {kind} is not made of {len} points</source>
        <translation>Ein {kind} besteht nicht aus {len} Punkten</translation>
    </message>
    <message>
        <source>Measure it again</source>
        <translation>Neu messen</translation>
    </message>
    <message>
        <source>A point is not finite</source>
        <translation>Ein Punkt ist nicht endlich</translation>
    </message>
    <message>
        <source>Place it again</source>
        <translation>Neu setzen</translation>
    </message>
    <message>
        <source>Click inside a vessel</source>
        <translation>In ein Gefäß klicken</translation>
    </message>
    <message>
        <source>No contrast here ({lumen} HU)</source>
        <translation>Hier kein Kontrast ({lumen} HU)</translation>
    </message>
    <message>
        <source>Click inside a bright vessel, or drag between two sides</source>
        <translation>In ein helles Gefäß klicken oder zwischen zwei Seiten ziehen</translation>
    </message>
    <message>
        <source>The ends lie at one place</source>
        <translation>Die Enden liegen an einer Stelle</translation>
    </message>
    <message>
        <source>The outline encloses nothing</source>
        <translation>Der Umriss umschließt nichts</translation>
    </message>
    <message>
        <source>Draw round what is to be measured</source>
        <translation>Umfahren, was gemessen werden soll</translation>
    </message>
    <message>
        <source>The outline crosses itself</source>
        <translation>Der Umriss kreuzt sich selbst</translation>
    </message>
    <message>
        <source>Move one of its corners</source>
        <translation>Eine seiner Ecken verschieben</translation>
    </message>
    <message>
        <source>The places lie at one place</source>
        <translation>Die Stellen liegen an einer Stelle</translation>
    </message>
    <message>
        <source>Click along the way</source>
        <translation>Entlang des Weges klicken</translation>
    </message>
    <message>
        <source>Drag from one side to the other</source>
        <translation>Von Seite zu Seite ziehen</translation>
    </message>
    <message>
        <source>Two of the points lie at one place</source>
        <translation>Zwei der Punkte liegen an einer Stelle</translation>
    </message>
    <message>
        <source>The three points lie on one line</source>
        <translation>Die drei Punkte liegen auf einer Linie</translation>
    </message>
    <message>
        <source>Move one of them aside</source>
        <translation>Einen davon zur Seite verschieben</translation>
    </message>
    <message>
        <source>The points lie on one line</source>
        <translation type="vanished">Die Punkte liegen auf einer Linie</translation>
    </message>
    <message>
        <source>Place them round the vessel</source>
        <translation type="vanished">Um das Gefäß setzen</translation>
    </message>
    <message>
        <source>The points do not lie on an ellipse</source>
        <translation type="vanished">Die Punkte liegen nicht auf einer Ellipse</translation>
    </message>
    <message>
        <source>The calliper&apos;s direction runs across the plane</source>
        <translation type="vanished">Die Richtung der Schieblehre läuft quer zur Ebene</translation>
    </message>
    <message>
        <source>Turn it into the plane</source>
        <translation type="vanished">In die Ebene drehen</translation>
    </message>
    <message>
        <source>This measure needs at least {least} points</source>
        <translation>Diese Messung braucht mindestens {least} Punkte</translation>
    </message>
    <message>
        <source>Place more points</source>
        <translation>Mehr Punkte setzen</translation>
    </message>
    <message>
        <source>The two plans share less than 20 mm of vessel</source>
        <translation>Die beiden Pläne haben weniger als 20 mm Gefäß gemeinsam</translation>
    </message>
    <message>
        <source>Measure both between the same places</source>
        <translation>Beide zwischen denselben Stellen messen</translation>
    </message>
    <message>
        <source>The vessels are laid together at their first points: these must be the same place.</source>
        <translation>Die Gefäße werden an ihren ersten Punkten zusammengelegt: diese müssen dieselbe Stelle sein.</translation>
    </message>
    <message>
        <source>The plan has hardly any closed section</source>
        <translation>Der Plan hat kaum einen geschlossenen Querschnitt</translation>
    </message>
    <message>
        <source>Measure the vessel again</source>
        <translation>Das Gefäß neu messen</translation>
    </message>
    <message>
        <source>The section edited by hand at ({x}, {y}, {z}) was dropped: {lower}.</source>
        <translation>Der von Hand bearbeitete Querschnitt bei ({x}, {y}, {z}) entfiel: {lower}.</translation>
    </message>
    <message>
        <source>A place is too far from the lumen&apos;s edge</source>
        <translation>Eine Stelle ist zu weit vom Rand des Lumens</translation>
    </message>
    <message>
        <source>An edited section has no plane</source>
        <translation>Ein bearbeiteter Querschnitt hat keine Ebene</translation>
    </message>
    <message>
        <source>Give a normal that is not zero</source>
        <translation>Eine Normale angeben, die nicht null ist</translation>
    </message>
    <message>
        <source>An edited section is not understood</source>
        <translation>Ein bearbeiteter Querschnitt ist nicht verständlich</translation>
    </message>
    <message>
        <source>Each needs position_mm, normal and pins_mm in LPS mm</source>
        <translation>Jeder braucht position_mm, normal und pins_mm in LPS-mm</translation>
    </message>
    <message>
        <source>The vessel does not go through it any more</source>
        <translation>Das Gefäß geht nicht mehr hindurch</translation>
    </message>
    <message>
        <source>The vessel runs into other bright parts here</source>
        <translation>Das Gefäß geht hier in andere helle Teile über</translation>
    </message>
    <message>
        <source>Measure it between two points</source>
        <translation>Zwischen zwei Punkten messen</translation>
    </message>
    <message>
        <source>The renal artery&apos;s place is not at this vessel</source>
        <translation>Die Stelle der Nierenarterie liegt nicht an diesem Gefäß</translation>
    </message>
    <message>
        <source>Give a point where it leaves the aorta</source>
        <translation>Einen Punkt angeben, wo sie die Aorta verlässt</translation>
    </message>
    <message>
        <source>There is no closed section at the lowest renal artery</source>
        <translation>An der tiefsten Nierenarterie ist kein geschlossener Querschnitt</translation>
    </message>
    <message>
        <source>Choose a place a little lower</source>
        <translation>Eine etwas tiefere Stelle wählen</translation>
    </message>
    <message>
        <source>Thrombus and wall are not measured: diameters are of the open lumen.</source>
        <translation>Thrombus und Wand sind nicht gemessen: Durchmesser sind die des offenen Lumens.</translation>
    </message>
    <message>
        <source>The renal artery&apos;s place is outside the scan</source>
        <translation>Die Stelle der Nierenarterie liegt außerhalb des Scans</translation>
    </message>
    <message>
        <source>The lowest renal artery was not given: the neck is counted from the plan&apos;s upper end.</source>
        <translation>Die tiefste Nierenarterie wurde nicht angegeben: der Hals zählt ab dem oberen Ende des Plans.</translation>
    </message>
    <message>
        <source>The lumen widens by 10 % nowhere below: no aneurysm, or it lies lower.</source>
        <translation>Das Lumen weitet sich darunter nirgends um 10 %: kein Aneurysma, oder es liegt tiefer.</translation>
    </message>
    <message>
        <source>The surface encloses nothing</source>
        <translation>Die Oberfläche umschließt nichts</translation>
    </message>
    <message>
        <source>Check that it is in LPS millimetres</source>
        <translation>Prüfen, ob sie in LPS-Millimetern ist</translation>
    </message>
    <message>
        <source>There is no contrast in this vessel ({lumen} HU)</source>
        <translation>In diesem Gefäß ist kein Kontrast ({lumen} HU)</translation>
    </message>
    <message>
        <source>Branches need a bright lumen</source>
        <translation>Äste brauchen ein helles Lumen</translation>
    </message>
    <message>
        <source>This vessel is joined to wide bright parts (heart, kidney, another vessel): branches end where they open.</source>
        <translation>Dieses Gefäß hängt mit weiten hellen Teilen zusammen (Herz, Niere, anderes Gefäß): Äste enden, wo sie dort münden.</translation>
    </message>
    <message>
        <source>A point is not inside a contrast-filled vessel</source>
        <translation>Ein Punkt liegt nicht in einem kontrastierten Gefäß</translation>
    </message>
    <message>
        <source>Choose points inside the vessel</source>
        <translation>Punkte im Gefäß wählen</translation>
    </message>
    <message>
        <source>Two points are less than 2 mm apart</source>
        <translation>Zwei Punkte liegen weniger als 2 mm auseinander</translation>
    </message>
    <message>
        <source>Choose the two ends of the vessel</source>
        <translation>Die beiden Enden des Gefäßes wählen</translation>
    </message>
    <message>
        <source>There is no contrast between these two points ({lumen} HU)</source>
        <translation>Zwischen diesen beiden Punkten ist kein Kontrast ({lumen} HU)</translation>
    </message>
    <message>
        <source>No contrast-filled way joins these two points</source>
        <translation>Kein kontrastierter Weg verbindet diese beiden Punkte</translation>
    </message>
    <message>
        <source>Choose points inside one vessel</source>
        <translation>Punkte in einem Gefäß wählen</translation>
    </message>
    <message>
        <source>The way crosses a dark gap of {sum} mm, {at} mm from its start: closed leaflets, or a vessel that is closed there.</source>
        <translation>Der Weg überquert eine dunkle Lücke von {sum} mm, {at} mm nach seinem Beginn: geschlossene Taschen oder ein dort verschlossenes Gefäß.</translation>
    </message>
    <message>
        <source>A point was {moved} mm outside the lumen and was moved into it.</source>
        <translation>Ein Punkt lag {moved} mm außerhalb des Lumens und wurde hineinverschoben.</translation>
    </message>
    <message>
        <source>Another way, up to {max} mm beside this one, is about as good, from {at} mm on: a vessel that touches it. Lead the way through a point in between.</source>
        <translation>Ein anderer Weg, bis zu {max} mm neben diesem, ist ab {at} mm etwa ebenso gut: ein Gefäß, das ihn berührt. Den Weg durch einen Punkt dazwischen führen.</translation>
    </message>
    <message>
        <source>Stations every {step_mm} mm are not possible</source>
        <translation>Messstellen alle {step_mm} mm sind nicht möglich</translation>
    </message>
    <message>
        <source>Use 0.1 to 50 mm</source>
        <translation>0,1 bis 50 mm nehmen</translation>
    </message>
    <message>
        <source>A place on the way is not three numbers</source>
        <translation>Eine Stelle auf dem Weg besteht nicht aus drei Zahlen</translation>
    </message>
    <message>
        <source>The two points lie at one place of the vessel</source>
        <translation>Die beiden Punkte liegen an einer Stelle des Gefäßes</translation>
    </message>
    <message>
        <source>: branch or edge of the scan. These sections are left out.</source>
        <translation>: Abgang oder Rand des Scans. Diese Querschnitte entfallen.</translation>
    </message>
    <message>
        <source>The lumen is not closed at {lost} mm</source>
        <translation>Das Lumen ist bei {lost} mm nicht geschlossen</translation>
    </message>
    <message>
        <source>and {len} other places</source>
        <translation>und {len} weiteren Stellen</translation>
    </message>
    <message>
        <source>Voxels are {thickest} mm; diameters can be off by half a millimetre and more.</source>
        <translation>Die Voxel haben {thickest} mm; Durchmesser können um einen halben Millimeter und mehr abweichen.</translation>
    </message>
    <message>
        <source>No closed section was found between these points</source>
        <translation>Zwischen diesen Punkten wurde kein geschlossener Querschnitt gefunden</translation>
    </message>
    <message>
        <source>A strip needs at least two pixels each way</source>
        <translation>Ein Streifen braucht mindestens zwei Pixel in jeder Richtung</translation>
    </message>
    <message>
        <source>Make it larger</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>The vessel runs straight away from this view</source>
        <translation>Das Gefäß läuft gerade von dieser Ansicht weg</translation>
    </message>
    <message>
        <source>Turn it</source>
        <translation>Drehen</translation>
    </message>
    <message>
        <source>Choose a point inside the vessel</source>
        <translation>Einen Punkt im Gefäß wählen</translation>
    </message>
    <message>
        <source>There is no contrast at this point ({lumen} HU)</source>
        <translation>An diesem Punkt ist kein Kontrast ({lumen} HU)</translation>
    </message>
    <message>
        <source>The vessel runs into bone or other vessels here</source>
        <translation>Das Gefäß geht hier in Knochen oder andere Gefäße über</translation>
    </message>
    <message>
        <source>Other bright parts lie close: thin branches may be missing.</source>
        <translation>Andere helle Teile liegen dicht daneben: dünne Äste können fehlen.</translation>
    </message>
    <message>
        <source>The way does not go on from its point {number}: it lies in a side branch</source>
        <translation>Der Weg geht ab seinem Punkt {number} nicht weiter: er liegt in einem Seitenast</translation>
    </message>
    <message>
        <source>Place it in the vessel between the two ends</source>
        <translation>In das Gefäß zwischen den beiden Enden setzen</translation>
    </message>
    <message>
        <source>Voxels of shape {shape} do not fit a grid of {shape_kji}</source>
        <translation>Voxel der Form {shape} passen nicht auf ein Gitter von {shape_kji}</translation>
    </message>
    <message>
        <source>No structure was named</source>
        <translation>Keine Struktur wurde genannt</translation>
    </message>
    <message>
        <source>Image voxels must be int16 or float32, got {dtype}</source>
        <translation>Bildvoxel müssen int16 oder float32 sein, sind aber {dtype}</translation>
    </message>
    <message>
        <source>Label voxels must be uint8 or uint16, got {dtype}</source>
        <translation>Labelvoxel müssen uint8 oder uint16 sein, sind aber {dtype}</translation>
    </message>
    <message>
        <source>A structure&apos;s box {start_ijk} + {size} leaves its grid {size_ijk}</source>
        <translation>Der Kasten einer Struktur {start_ijk} + {size} verlässt ihr Gitter {size_ijk}</translation>
    </message>
    <message>
        <source>The structures lie on different grids</source>
        <translation>Die Strukturen liegen auf verschiedenen Gittern</translation>
    </message>
    <message>
        <source>Resample them to the image&apos;s grid</source>
        <translation>Auf das Gitter des Bildes umrechnen</translation>
    </message>
    <message>
        <source>A score needs structures that came out well and some that did not</source>
        <translation>Ein Score braucht gelungene Strukturen und einige misslungene</translation>
    </message>
    <message>
        <source>Add harder cases</source>
        <translation>Schwierigere Fälle hinzufügen</translation>
    </message>
    <message>
        <source>{name} cannot be used: {where}</source>
        <translation>{name} kann nicht verwendet werden: {where}</translation>
    </message>
    <message>
        <source>Calibrate the model again</source>
        <translation>Das Modell neu kalibrieren</translation>
    </message>
    <message>
        <source>There are no labelled cases in {name}</source>
        <translation>In {name} sind keine gelabelten Fälle</translation>
    </message>
    <message>
        <source>Put .theatrum files with structures there, or CTs beside labels (case1.nii.gz, case1_labels.nii.gz)</source>
        <translation>.theatrum-Dateien mit Strukturen dorthin legen oder CTs neben Labels (case1.nii.gz, case1_labels.nii.gz)</translation>
    </message>
    <message>
        <source>None of the {len} cases holds a structure that {title} finds{why}</source>
        <translation>Keiner der {len} Fälle enthält eine Struktur, die {title} findet{why}</translation>
    </message>
    <message>
        <source>Name the structures as the model does</source>
        <translation>Die Strukturen wie das Modell benennen</translation>
    </message>
    <message>
        <source>{name} is no folder</source>
        <translation>{name} ist kein Ordner</translation>
    </message>
    <message>
        <source>Give the folder that holds the labelled cases</source>
        <translation>Den Ordner mit den gelabelten Fällen angeben</translation>
    </message>
    <message>
        <source>It holds no structure of the model&apos;s names</source>
        <translation>Er enthält keine Struktur mit Namen des Modells</translation>
    </message>
    <message>
        <source>The model finds {join}</source>
        <translation>Das Modell findet {join}</translation>
    </message>
    <message>
        <source>It holds no image with structures of the model&apos;s names</source>
        <translation>Er enthält kein Bild mit Strukturen mit Namen des Modells</translation>
    </message>
    <message>
        <source>Name them as the model does</source>
        <translation>Wie das Modell benennen</translation>
    </message>
    <message>
        <source>Its {median_hu} HU is not what it has {x}</source>
        <translation>Ihre {median_hu} HU sind nicht, was sie {x} hat</translation>
    </message>
    <message>
        <source>in any phase</source>
        <translation>in irgendeiner Phase</translation>
    </message>
    <message>
        <source>It is missing in {gap_share} of the slices where it must be</source>
        <translation>Sie fehlt in {gap_share} der Schichten, in denen sie sein muss</translation>
    </message>
    <message>
        <source>The model and the rule for it agree only by {agreement}</source>
        <translation>Das Modell und die Regel dafür stimmen nur zu {agreement} überein</translation>
    </message>
    <message>
        <source>Repeated with small changes it comes out only {stability} the same</source>
        <translation>Mit kleinen Änderungen wiederholt kommt sie nur zu {stability} gleich heraus</translation>
    </message>
    <message>
        <source>This is no CT in Hounsfield units, for which the model was made</source>
        <translation>Das ist kein CT in Hounsfield-Einheiten, für das das Modell gemacht ist</translation>
    </message>
    <message>
        <source>Air lies at {air_hu} HU instead of −1000: values are not calibrated</source>
        <translation>Luft liegt bei {air_hu} HU statt −1000: die Werte sind nicht kalibriert</translation>
    </message>
    <message>
        <source>It shows neither air nor fat as CT does: it may be no CT</source>
        <translation>Es zeigt weder Luft noch Fett wie ein CT: vielleicht ist es keines</translation>
    </message>
    <message>
        <source>Fat is not where it lies in CT ({fat_hu} HU)</source>
        <translation>Fett liegt nicht, wo es im CT liegt ({fat_hu} HU)</translation>
    </message>
    <message>
        <source>Slices are {slice_mm} mm apart</source>
        <translation>Die Schichten liegen {slice_mm} mm auseinander</translation>
    </message>
    <message>
        <source>The body is deeper than wide: it may lie turned, or its orientation is wrong</source>
        <translation>Der Körper ist tiefer als breit: vielleicht liegt er gedreht, oder seine Orientierung ist falsch</translation>
    </message>
    <message>
        <source>The scan is very noisy (±{noise_hu} HU)</source>
        <translation>Der Scan rauscht stark (±{noise_hu} HU)</translation>
    </message>
    <message>
        <source>It was not found</source>
        <translation>Sie wurde nicht gefunden</translation>
    </message>
    <message>
        <source>It reaches the border of the scan: its volume is a lower bound</source>
        <translation>Sie reicht an den Rand des Scans: ihr Volumen ist eine untere Grenze</translation>
    </message>
    <message>
        <source>It fell into pieces, the second {second_piece_share} of it</source>
        <translation>Sie zerfiel in Stücke, das zweite ist {second_piece_share} davon</translation>
    </message>
    <message>
        <source>There is no contrast in it: vessels cannot be measured in this scan</source>
        <translation>Es ist kein Kontrast darin: Gefäße sind in diesem Scan nicht zu messen</translation>
    </message>
    <message>
        <source>Its {volume} ml are more than an adult has ({high} ml)</source>
        <translation>Ihre {volume} ml sind mehr, als ein Erwachsener hat ({high} ml)</translation>
    </message>
    <message>
        <source>Its {volume} ml are less than an adult has ({low} ml)</source>
        <translation>Ihre {volume} ml sind weniger, als ein Erwachsener hat ({low} ml)</translation>
    </message>
    <message>
        <source>Most solid tissue lies left of the spine: the scan may be mirrored</source>
        <translation>Das meiste feste Gewebe liegt links der Wirbelsäule: der Scan ist vielleicht gespiegelt</translation>
    </message>
    <message>
        <source>Heart and aorta do not lie left of the spine: the scan may be mirrored</source>
        <translation>Herz und Aorta liegen nicht links der Wirbelsäule: der Scan ist vielleicht gespiegelt</translation>
    </message>
    <message>
        <source>Left and right of it have {volumes} and {volumes2} ml, which is unusual</source>
        <translation>Links und rechts davon sind {volumes} und {volumes2} ml, was ungewöhnlich ist</translation>
    </message>
    <message>
        <source>Left and right of it have changed places</source>
        <translation>Links und rechts sind vertauscht</translation>
    </message>
    <message>
        <source>It lies on the wrong side of the spine</source>
        <translation>Sie liegt auf der falschen Seite der Wirbelsäule</translation>
    </message>
    <message>
        <source>No calibration stands behind this structure yet</source>
        <translation>Hinter dieser Struktur steht noch keine Kalibrierung</translation>
    </message>
    <message>
        <source>By the calibration it is right (Dice ≥ 0.8) with {chance}</source>
        <translation>Nach der Kalibrierung ist sie richtig (Dice ≥ 0,8) mit {chance}</translation>
    </message>
    <message>
        <source>Neither heart, aorta nor liver beside a spine shows which side is left</source>
        <translation>Weder Herz, Aorta noch Leber neben einer Wirbelsäule zeigt, welche Seite links ist</translation>
    </message>
    <message>
        <source>By the calibration it is wrong more often than right ({chance})</source>
        <translation>Nach der Kalibrierung ist sie öfter falsch als richtig ({chance})</translation>
    </message>
    <message>
        <source>Its boundary is hardly more than a guess of the model</source>
        <translation>Ihr Rand ist kaum mehr als eine Vermutung des Modells</translation>
    </message>
    <message>
        <source>This machine has no &apos;{wanted}&apos; device</source>
        <translation>Dieser Rechner hat kein Gerät &apos;{wanted}&apos;</translation>
    </message>
    <message>
        <source>It has: {join}</source>
        <translation>Er hat: {join}</translation>
    </message>
    <message>
        <source>the network cannot be converted</source>
        <translation>das Netz kann nicht umgewandelt werden</translation>
    </message>
    <message>
        <source>The weights in {file} do not fit their network</source>
        <translation>Die Gewichte in {file} passen nicht zu ihrem Netz</translation>
    </message>
    <message>
        <source>Add the model again</source>
        <translation>Das Modell neu hinzufügen</translation>
    </message>
    <message>
        <source>The ONNX network cannot be run here</source>
        <translation>Das ONNX-Netz kann hier nicht laufen</translation>
    </message>
    <message>
        <source>{name} cannot be read</source>
        <translation>{name} kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>There is nothing at {path}</source>
        <translation>Bei {path} ist nichts</translation>
    </message>
    <message>
        <source>Add archive</source>
        <translation>Archiv hinzufügen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>Mehr zeigen</translation>
    </message>
    <message>
        <source>Its administrator knows AE title, host and port, and has to be told what this computer is: {title}, port {port}.</source>
        <translation>Seine Verwaltung kennt AE-Titel, Rechner und Port und muss wissen, wie dieser Rechner heißt: {title}, Port {port}.</translation>
    </message>
    <message>
        <source>No archive yet</source>
        <translation>Noch kein Archiv</translation>
    </message>
    <message>
        <source>What is looked for?</source>
        <translation>Was wird gesucht?</translation>
    </message>
    <message>
        <source>Fill in what is known and search in {name}.</source>
        <translation>Bekanntes eintragen und in {name} suchen.</translation>
    </message>
    <message>
        <source>Asking {name}</source>
        <translation>{name} wird gefragt</translation>
    </message>
    <message>
        <source>Fewer fields, or * for letters that are not known, find more.</source>
        <translation>Weniger Felder, oder * für unbekannte Buchstaben, finden mehr.</translation>
    </message>
    <message>
        <source>{name} has nothing like this</source>
        <translation>{name} hat nichts dergleichen</translation>
    </message>
    <message numerus="yes">
        <source>%n (study|studies)</source>
        <translation>
            <numerusform>%n Studie</numerusform>
            <numerusform>%n Studien</numerusform>
        </translation>
    </message>
    <message>
        <source>These are the first {count}; there are more. Fill in more, or show more.</source>
        <translation>Das sind die ersten {count}; es gibt mehr. Mehr eintragen oder mehr zeigen.</translation>
    </message>
    <message>
        <source>Choose the whole folder</source>
        <translation>Den ganzen Ordner wählen</translation>
    </message>
    <message>
        <source>The model lacks {name}</source>
        <translation>Dem Modell fehlt {name}</translation>
    </message>
    <message>
        <source>Every other slice looks unlike its neighbours: two acquisitions may be mixed, and sizes would be wrong. Look at it from the side.</source>
        <translation>Jede zweite Schicht sieht anders aus als ihre Nachbarn: Zwei Aufnahmen können vermischt sein, und Maße wären falsch. Von der Seite ansehen.</translation>
    </message>
    <message>
        <source>Structures overlap, so they lie in {len} files; no voxel is lost.</source>
        <translation>Strukturen überlappen sich, deshalb liegen sie in {len} Dateien; kein Voxel geht verloren.</translation>
    </message>
    <message>
        <source>an estimate: it reaches into slices {runs}, which were filled in between their neighbours</source>
        <translation>ein Schätzwert: es reicht in die Schichten {runs}, die zwischen ihren Nachbarn aufgefüllt wurden</translation>
    </message>
    <message>
        <source>it reaches into slices {runs}, which were lost when the case was damaged: do not use it</source>
        <translation>es reicht in die Schichten {runs}, die mit der Beschädigung des Falls verloren gingen: nicht verwenden</translation>
    </message>
    <message>
        <source>The series holds images of different frames of reference; they are listed apart.</source>
        <translation>Die Serie enthält Bilder verschiedener Bezugssysteme; sie sind getrennt aufgeführt.</translation>
    </message>
    <message>
        <source>The NIfTI file says in two ways where its voxels lie, and they differ by up to {apart} mm (sform and qform)</source>
        <translation>Die NIfTI-Datei sagt auf zwei Arten, wo ihre Voxel liegen, und sie unterscheiden sich um bis zu {apart} mm (sform und qform)</translation>
    </message>
    <message>
        <source>Write it with one affine</source>
        <translation>Mit einer einzigen Lage (affine) schreiben</translation>
    </message>
    <message>
        <source>The NIfTI file has a voxel spacing that is not positive</source>
        <translation>Die NIfTI-Datei hat einen Voxelabstand, der nicht positiv ist</translation>
    </message>
    <message>
        <source>{name} has voxels of {told} mm, which no scan of a person has</source>
        <translation>{name} hat Voxel von {told} mm, die kein Scan eines Menschen hat</translation>
    </message>
    <message>
        <source>{name} is {extent} mm in all with voxels of {told} mm, less than any scan of a person</source>
        <translation>{name} misst insgesamt {extent} mm mit Voxeln von {told} mm, weniger als jeder Scan eines Menschen</translation>
    </message>
    <message>
        <source>The orientation of {name} is not made of unit vectors (lengths {told})</source>
        <translation>Die Ausrichtung von {name} besteht nicht aus Einheitsvektoren (Längen {told})</translation>
    </message>
    <message>
        <source>{name} does not say how its axes lie in the body (space {space})</source>
        <translation type="vanished">{name} sagt nicht, wie die Achsen im Körper liegen (space {space})</translation>
    </message>
    <message>
        <source>Write it as left-posterior-superior</source>
        <translation>Als left-posterior-superior schreiben</translation>
    </message>
    <message>
        <source>{name} does not say how its axes lie in the body (no TransformMatrix)</source>
        <translation>{name} sagt nicht, wie die Achsen im Körper liegen (keine TransformMatrix)</translation>
    </message>
    <message>
        <source>Write it with its axes, as left-posterior-superior</source>
        <translation>Mit den Achsen schreiben, als left-posterior-superior</translation>
    </message>
    <message>
        <source>{name} is not in millimetres ({unit})</source>
        <translation>{name} ist nicht in Millimetern ({unit})</translation>
    </message>
    <message>
        <source>{name} asks that its values be scaled ({key} {found})</source>
        <translation>{name} verlangt, dass die Werte skaliert werden ({key} {found})</translation>
    </message>
    <message>
        <source>Write the values themselves</source>
        <translation>Die Werte selbst schreiben</translation>
    </message>
    <message>
        <source>The anatomy is not of its form</source>
        <translation>Die Anatomie hat nicht die Form, die sie haben muss</translation>
    </message>
    <message>
        <source>{partner} tells of a tool more than the {most_tools} that are kept: it is left out</source>
        <translation>{partner} meldet ein Instrument mehr als die {most_tools}, die behalten werden: es wird ausgelassen</translation>
    </message>
    <message>
        <source>{name} does not answer what it is told</source>
        <translation>{name} antwortet nicht auf das, was ihm gesagt wird</translation>
    </message>
    <message>
        <source>Ask its administrator</source>
        <translation>Fragen Sie, wer das Archiv verwaltet</translation>
    </message>
    <message>
        <source>{partner} refuses to talk to us and gives no reason</source>
        <translation>{partner} lehnt das Gespräch ab und nennt keinen Grund</translation>
    </message>
    <message>
        <source>{partner} refuses to talk to us and does not know the application context</source>
        <translation>{partner} lehnt das Gespräch ab und kennt den Anwendungskontext nicht</translation>
    </message>
    <message>
        <source>{partner} refuses to talk to us and does not know our AE title</source>
        <translation>{partner} lehnt das Gespräch ab und kennt unseren AE-Titel nicht</translation>
    </message>
    <message>
        <source>{partner} refuses to talk to us and does not know the AE title that it was called by</source>
        <translation>{partner} lehnt das Gespräch ab und kennt den AE-Titel nicht, mit dem es gerufen wurde</translation>
    </message>
    <message>
        <source>{partner} refuses to talk to us and speaks another protocol version</source>
        <translation>{partner} lehnt das Gespräch ab und spricht eine andere Version des Protokolls</translation>
    </message>
    <message>
        <source>{partner} refuses to talk to us and is busy for the moment</source>
        <translation>{partner} lehnt das Gespräch ab und ist im Augenblick beschäftigt</translation>
    </message>
    <message>
        <source>{partner} refuses to talk to us and has no more room for connections</source>
        <translation>{partner} lehnt das Gespräch ab und hat keinen Platz für weitere Verbindungen</translation>
    </message>
    <message>
        <source>Choose a CT</source>
        <translation>Ein CT wählen</translation>
    </message>
    <message>
        <source>Nothing of {display} is left</source>
        <translation>Von {display} bleibt nichts</translation>
    </message>
    <message>
        <source>Take the last stroke back</source>
        <translation>Den letzten Strich zurücknehmen</translation>
    </message>
    <message>
        <source>{title} needs a graphics card: one click would take minutes on this machine&apos;s processor</source>
        <translation>{title} braucht eine Grafikkarte: ein Klick würde auf dem Prozessor dieses Rechners Minuten dauern</translation>
    </message>
    <message>
        <source>Use the program&apos;s own strokes</source>
        <translation>Die Striche des Programms nehmen</translation>
    </message>
    <message>
        <source>{title} takes no prompts</source>
        <translation>{title} nimmt keine Eingaben</translation>
    </message>
    <message>
        <source>Run it as a segmentation</source>
        <translation>Als Segmentierung ausführen</translation>
    </message>
    <message>
        <source>The network takes no prompts</source>
        <translation>Das Netz nimmt keine Eingaben</translation>
    </message>
    <message>
        <source>The graphics card has too little memory for this network</source>
        <translation>Die Grafikkarte hat zu wenig Speicher für dieses Netz</translation>
    </message>
    <message>
        <source>Close other programs</source>
        <translation>Andere Programme schließen</translation>
    </message>
    <message>
        <source>{title} has no network that looks at the whole image</source>
        <translation>{title} hat kein Netz, das das ganze Bild ansieht</translation>
    </message>
    <message>
        <source>A prior of shape {shape} does not fit a grid of {shape_kji}</source>
        <translation>Eine Vorgabe der Form {shape} passt nicht auf ein Gitter von {shape_kji}</translation>
    </message>
    <message>
        <source>The network does not know &apos;{name}&apos;</source>
        <translation>Das Netz kennt &apos;{name}&apos; nicht</translation>
    </message>
    <message>
        <source>It knows {known}</source>
        <translation>Es kennt {known}</translation>
    </message>
    <message>
        <source>A lasso must lie in one slice of the image</source>
        <translation>Ein Lasso muss in einer Schicht des Bildes liegen</translation>
    </message>
    <message>
        <source>Draw it in a view along the slices</source>
        <translation>In einer Ansicht entlang der Schichten zeichnen</translation>
    </message>
    <message>
        <source>&apos;{text}&apos; is no prompt</source>
        <translation>&apos;{text}&apos; ist keine Eingabe</translation>
    </message>
    <message>
        <source>A prompt needs points of three finite coordinates</source>
        <translation>Eine Eingabe braucht Punkte aus drei endlichen Koordinaten</translation>
    </message>
    <message>
        <source>Draw it again</source>
        <translation>Neu zeichnen</translation>
    </message>
    <message>
        <source>A {kind} cannot be made of {len} points</source>
        <translation>Ein {kind} kann nicht aus {len} Punkten bestehen</translation>
    </message>
    <message>
        <source>A prompt lies outside the image</source>
        <translation>Eine Eingabe liegt außerhalb des Bildes</translation>
    </message>
    <message>
        <source>Draw inside the picture</source>
        <translation>Innerhalb des Bildes zeichnen</translation>
    </message>
    <message>
        <source>The structure lies on another grid than the image</source>
        <translation>Die Struktur liegt auf einem anderen Gitter als das Bild</translation>
    </message>
    <message>
        <source>Choose a structure of this image</source>
        <translation>Eine Struktur dieses Bildes wählen</translation>
    </message>
    <message>
        <source>{tile_seconds} s a tile on this computer</source>
        <translation>{tile_seconds} s je Kachel auf diesem Rechner</translation>
    </message>
    <message>
        <source>{title} has no structure &apos;{name}&apos;</source>
        <translation>{title} hat keine Struktur &apos;{name}&apos;</translation>
    </message>
    <message>
        <source>{name} is nested deeper than {most_depth} levels</source>
        <translation>{name} ist tiefer als {most_depth} Ebenen verschachtelt</translation>
    </message>
    <message>
        <source>It is no model&apos;s description</source>
        <translation>Es ist keine Modellbeschreibung</translation>
    </message>
    <message>
        <source>{name} holds {constant}</source>
        <translation>{name} enthält {constant}</translation>
    </message>
    <message>
        <source>Only finite numbers can be used</source>
        <translation>Nur endliche Zahlen können verwendet werden</translation>
    </message>
    <message>
        <source>There is no model in {name}</source>
        <translation>In {name} ist kein Modell</translation>
    </message>
    <message>
        <source>A model&apos;s folder holds {manifest_name}</source>
        <translation>Ein Modellordner enthält {manifest_name}</translation>
    </message>
    <message>
        <source>a range needs its two ends in clip</source>
        <translation>ein Bereich braucht seine beiden Enden in clip</translation>
    </message>
    <message>
        <source>clip must grow</source>
        <translation>clip muss wachsen</translation>
    </message>
    <message>
        <source>&apos;{orientation}&apos; does not name three axes</source>
        <translation>&apos;{orientation}&apos; nennt keine drei Achsen</translation>
    </message>
    <message>
        <source>a patch of {patch} voxels is too large</source>
        <translation>ein Ausschnitt von {patch} Voxeln ist zu groß</translation>
    </message>
    <message>
        <source>an axis is mirrored twice</source>
        <translation>eine Achse ist zweimal gespiegelt</translation>
    </message>
    <message>
        <source>{name}: {out_channels} channels, {len} values</source>
        <translation>{name}: {out_channels} Kanäle, {len} Werte</translation>
    </message>
    <message>
        <source>{name}: a network of slices needs a patch of one slice</source>
        <translation>{name}: ein Netz für Schichten braucht einen Ausschnitt von einer Schicht</translation>
    </message>
    <message>
        <source>{name}: {in_channels} input channels; only one image channel is taken</source>
        <translation>{name}: {in_channels} Eingangskanäle; nur ein Bildkanal wird genommen</translation>
    </message>
    <message>
        <source>inside and outside are of labels or of a stage</source>
        <translation>inside und outside sind von Labels oder von einer Stufe</translation>
    </message>
    <message>
        <source>a stage and its values belong together, to inside and outside</source>
        <translation>eine Stufe und ihre Werte gehören zusammen, zu inside und outside</translation>
    </message>
    <message>
        <source>two labels have the same name or index</source>
        <translation>zwei Labels haben denselben Namen oder Index</translation>
    </message>
    <message>
        <source>two stages have the same name</source>
        <translation>zwei Stufen haben denselben Namen</translation>
    </message>
    <message>
        <source>a clean-up rule needs &apos;{min}&apos;, which is no stage</source>
        <translation>eine Aufräumregel braucht &apos;{min}&apos;, was keine Stufe ist</translation>
    </message>
    <message>
        <source>there is no label {sorted}</source>
        <translation>es gibt kein Label {sorted}</translation>
    </message>
    <message>
        <source>{name} is larger than {most_bytes} MB</source>
        <translation>{name} ist größer als {most_bytes} MB</translation>
    </message>
    <message>
        <source>A model&apos;s description is small</source>
        <translation>Eine Modellbeschreibung ist klein</translation>
    </message>
    <message>
        <source>Choose the model&apos;s folder again</source>
        <translation>Den Modellordner neu wählen</translation>
    </message>
    <message>
        <source>{name} has a key twice</source>
        <translation>{name} hat einen Schlüssel zweimal</translation>
    </message>
    <message>
        <source>Ask for the file again from where it came</source>
        <translation>Die Datei dort neu erbitten, woher sie kam</translation>
    </message>
    <message>
        <source>{name} is no readable JSON</source>
        <translation>{name} ist kein lesbares JSON</translation>
    </message>
    <message>
        <source>{name} cannot be used: {where}: {first}</source>
        <translation>{name} kann nicht verwendet werden: {where}: {first}</translation>
    </message>
    <message>
        <source>{name} writes values without a label: {sorted}</source>
        <translation>{name} schreibt Werte ohne Label: {sorted}</translation>
    </message>
    <message>
        <source>{name} needs &apos;{stage}&apos;, which does not come before it</source>
        <translation>{name} braucht &apos;{stage}&apos;, was nicht davor kommt</translation>
    </message>
    <message>
        <source>needs {needed_bytes} GB ({what} {bytes} GB), {free_bytes} GB are free</source>
        <translation>braucht {needed_bytes} GB ({what} {bytes} GB), {free_bytes} GB sind frei</translation>
    </message>
    <message>
        <source>Close other programs, choose fewer structures or a model with coarser voxels</source>
        <translation>Andere Programme schließen, weniger Strukturen oder ein Modell mit gröberen Voxeln wählen</translation>
    </message>
    <message>
        <source>, the network about {left} s more</source>
        <translation>, das Netz noch etwa {left} s</translation>
    </message>
    <message>
        <source>{title} works only with a person&apos;s clicks and strokes</source>
        <translation>{title} arbeitet nur mit Klicks und Strichen einer Person</translation>
    </message>
    <message>
        <source>Correct a structure by strokes with it, or choose another model</source>
        <translation>Damit eine Struktur mit Strichen korrigieren oder ein anderes Modell wählen</translation>
    </message>
    <message>
        <source>had too little memory</source>
        <translation>hatte zu wenig Speicher</translation>
    </message>
    <message>
        <source>cannot run this network</source>
        <translation>kann dieses Netz nicht ausführen</translation>
    </message>
    <message>
        <source>No model ships with this version of Theatrum yet</source>
        <translation>Mit dieser Version von Theatrum kommt noch kein Modell</translation>
    </message>
    <message>
        <source>Add one (theatrum models add) and name it with --model</source>
        <translation>Eines hinzufügen (theatrum models add) und mit --model nennen</translation>
    </message>
    <message>
        <source>{title} does not find &apos;{name}&apos;</source>
        <translation>{title} findet &apos;{name}&apos; nicht</translation>
    </message>
    <message>
        <source>It finds</source>
        <translation>Es findet</translation>
    </message>
    <message>
        <source>The model found none of the structures in this scan</source>
        <translation>Das Modell fand in diesem Scan keine der Strukturen</translation>
    </message>
    <message>
        <source>{name} cannot be trusted: {why}</source>
        <translation>{name} ist nicht zu trauen: {why}</translation>
    </message>
    <message>
        <source>Add the model again from where it came</source>
        <translation>Das Modell dort neu hinzufügen, woher es kam</translation>
    </message>
    <message>
        <source>The model&apos;s process ended with code {code}</source>
        <translation>Der Prozess des Modells endete mit Code {code}</translation>
    </message>
    <message>
        <source>Try again; the case is unchanged</source>
        <translation>Noch einmal versuchen; der Fall ist unverändert</translation>
    </message>
    <message>
        <source>The model&apos;s process does not answer</source>
        <translation>Der Prozess des Modells antwortet nicht</translation>
    </message>
    <message>
        <source>The model&apos;s process ended by {what}</source>
        <translation>Der Prozess des Modells endete durch {what}</translation>
    </message>
    <message>
        <source>Try again on the processor (device cpu); the case is unchanged</source>
        <translation>Auf dem Prozessor (device cpu) noch einmal versuchen; der Fall ist unverändert</translation>
    </message>
    <message>
        <source>The model&apos;s process was killed, most likely because memory ran out</source>
        <translation>Der Prozess des Modells wurde beendet, wohl weil der Speicher nicht reichte</translation>
    </message>
    <message>
        <source>Close other programs, choose fewer structures or the fast quality; the case is unchanged</source>
        <translation>Andere Programme schließen, weniger Strukturen oder die schnelle Qualität wählen; der Fall ist unverändert</translation>
    </message>
    <message>
        <source>The model&apos;s process ended by {name}</source>
        <translation>Der Prozess des Modells endete durch {name}</translation>
    </message>
    <message>
        <source>This processor lacks an instruction that the model&apos;s engine uses</source>
        <translation>Diesem Prozessor fehlt ein Befehl, den das Verfahren des Modells nutzt</translation>
    </message>
    <message>
        <source>Try the engine &apos;torch&apos;</source>
        <translation>Das Verfahren &apos;torch&apos; versuchen</translation>
    </message>
    <message>
        <source>The licence of {title} ({id}) {allowed}</source>
        <translation>Die Lizenz von {title} ({id}) {allowed}</translation>
    </message>
    <message>
        <source>Read and accept it first</source>
        <translation>Zuerst lesen und annehmen</translation>
    </message>
    <message>
        <source>There is no model {named}</source>
        <translation>Es gibt kein Modell {named}</translation>
    </message>
    <message>
        <source>This machine has</source>
        <translation>Dieser Rechner hat</translation>
    </message>
    <message>
        <source>{id} {version} is there already</source>
        <translation>{id} {version} ist schon da</translation>
    </message>
    <message>
        <source>Remove it first, or give another id</source>
        <translation>Zuerst entfernen oder eine andere Kennung angeben</translation>
    </message>
    <message>
        <source>{title} ships with the program</source>
        <translation>{title} gehört zum Programm</translation>
    </message>
    <message>
        <source>It stays; others can be removed</source>
        <translation>Es bleibt; andere können entfernt werden</translation>
    </message>
    <message>
        <source>{title} lacks {file}</source>
        <translation>{title}: {file} fehlt</translation>
    </message>
    <message>
        <source>{file} of {title} was changed</source>
        <translation>{file} von {title} wurde geändert</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>{what} on {structure}, {pane} {position}</source>
        <translation type="vanished">{what} an {structure}, {pane} {position}</translation>
    </message>
    <message>
        <source>{what} on {structure}</source>
        <translation type="vanished">{what} an {structure}</translation>
    </message>
    <message>
        <source>Where it asks for our certificate, give one that it trusts</source>
        <translation>Wird unser Zertifikat verlangt, eines angeben, dem dort vertraut wird</translation>
    </message>
    <message>
        <source>{percent} % of R–R</source>
        <translation>{percent} % von R–R</translation>
    </message>
    <message>
        <source>{low} to {high} % of R–R</source>
        <translation>{low} bis {high} % von R–R</translation>
    </message>
    <message>
        <source>{low} to {high} %</source>
        <translation>{low} bis {high} %</translation>
    </message>
    <message>
        <source>standard liver volume</source>
        <translation>Standardvolumen der Leber</translation>
    </message>
    <message>
        <source>slice is</source>
        <translation>Schicht fehlt</translation>
    </message>
    <message>
        <source>slices are</source>
        <translation>Schichten fehlen</translation>
    </message>
    <message>
        <source>The case file is not there any more</source>
        <translation>Die Falldatei ist nicht mehr da</translation>
    </message>
    <message>
        <source>Save the case as another file</source>
        <translation>Den Fall als andere Datei speichern</translation>
    </message>
    <message>
        <source>Save the case as another file ({key})</source>
        <translation>Den Fall als andere Datei speichern ({key})</translation>
    </message>
    <message>
        <source>Find {count} structures with {model}</source>
        <translation>{count} Strukturen mit {model} finden</translation>
    </message>
    <message>
        <source>Find 1 structure with {model}</source>
        <translation>1 Struktur mit {model} finden</translation>
    </message>
    <message>
        <source>Look with {model} for {count} structures, none found</source>
        <translation>Mit {model} nach {count} Strukturen gesucht, keine gefunden</translation>
    </message>
    <message>
        <source>Look with {model} for 1 structure, none found</source>
        <translation>Mit {model} nach 1 Struktur gesucht, nicht gefunden</translation>
    </message>
    <message>
        <source>Brush stroke on {structure}, {pane} {position}</source>
        <translation>Pinselstrich an {structure}, {pane} {position}</translation>
    </message>
    <message>
        <source>Brush stroke, {pane} {position}</source>
        <translation>Pinselstrich, {pane} {position}</translation>
    </message>
    <message>
        <source>Eraser stroke on {structure}, {pane} {position}</source>
        <translation>Radierstrich an {structure}, {pane} {position}</translation>
    </message>
    <message>
        <source>Eraser stroke, {pane} {position}</source>
        <translation>Radierstrich, {pane} {position}</translation>
    </message>
    <message>
        <source>Scissors on {structure}, {pane} {position}</source>
        <translation>Schere an {structure}, {pane} {position}</translation>
    </message>
    <message>
        <source>Scissors, {pane} {position}</source>
        <translation>Schere, {pane} {position}</translation>
    </message>
    <message>
        <source>Threshold on {structure}</source>
        <translation>Schwelle an {structure}</translation>
    </message>
    <message>
        <source>Islands on {structure}</source>
        <translation>Inseln an {structure}</translation>
    </message>
    <message>
        <source>Grow on {structure}</source>
        <translation>Wachsen an {structure}</translation>
    </message>
    <message>
        <source>Smooth on {structure}</source>
        <translation>Glätten an {structure}</translation>
    </message>
    <message>
        <source>Fill on {structure}</source>
        <translation>Füllen an {structure}</translation>
    </message>
    <message>
        <source>Between on {structure}</source>
        <translation>Zwischenfüllen an {structure}</translation>
    </message>
    <message>
        <source>Seeds on {structure}</source>
        <translation>Keime an {structure}</translation>
    </message>
    <message>
        <source>Combine on {structure}</source>
        <translation>Verbinden an {structure}</translation>
    </message>
    <message>
        <source>Hollow on {structure}</source>
        <translation>Aushöhlen an {structure}</translation>
    </message>
    <message>
        <source>Scissors on {structure}, 3D</source>
        <translation>Schere an {structure}, 3D</translation>
    </message>
    <message>
        <source>{step}, in the phase of {phase}</source>
        <translation>{step}, in der Phase {phase}</translation>
    </message>
    <message>
        <source>straight distance between two places</source>
        <translation>gerader Abstand zwischen zwei Stellen</translation>
    </message>
    <message>
        <source>sum of the straight distances along the places in order</source>
        <translation>Summe der geraden Abstände entlang der Stellen in ihrer Reihenfolge</translation>
    </message>
    <message>
        <source>angle at the middle place between the directions to the other two</source>
        <translation>Winkel an der mittleren Stelle zwischen den Richtungen zu den beiden anderen</translation>
    </message>
    <message>
        <source>lesser angle between two lines, in space</source>
        <translation>kleinerer Winkel zwischen zwei Linien im Raum</translation>
    </message>
    <message>
        <source>circle through three places</source>
        <translation>Kreis durch drei Stellen</translation>
    </message>
    <message>
        <source>circle whose diameter has these two ends</source>
        <translation>Kreis, dessen Durchmesser diese beiden Enden hat</translation>
    </message>
    <message>
        <source>ellipse drawn by its two axes</source>
        <translation>Ellipse, durch ihre beiden Achsen gezeichnet</translation>
    </message>
    <message>
        <source>its area diameter is that of a circle of its area</source>
        <translation>ihr Flächendurchmesser ist der eines Kreises gleicher Fläche</translation>
    </message>
    <message>
        <source>width between parallel jaws</source>
        <translation>Weite zwischen parallelen Backen</translation>
    </message>
    <message>
        <source>area inside straight lines between the corners, in their plane</source>
        <translation>Fläche innerhalb gerader Linien zwischen den Ecken, in deren Ebene</translation>
    </message>
    <message>
        <source>area inside a drawn line, in its plane</source>
        <translation>Fläche innerhalb einer gezeichneten Linie, in deren Ebene</translation>
    </message>
    <message>
        <source>where the line crosses itself, of its greater loop</source>
        <translation>wo die Linie sich kreuzt, die der größeren Schleife</translation>
    </message>
    <message>
        <source>area of a rectangle</source>
        <translation>Fläche eines Rechtecks</translation>
    </message>
    <message>
        <source>area of an ellipse drawn by its two axes</source>
        <translation>Fläche einer Ellipse, durch ihre beiden Achsen gezeichnet</translation>
    </message>
    <message>
        <source>value of the voxel at a place</source>
        <translation>Wert des Voxels an einer Stelle</translation>
    </message>
    <message>
        <source>mean and SD in a disc of 2 mm radius about it in the plane</source>
        <translation>Mittel und SD in einer Scheibe von 2 mm Radius darum in der Ebene</translation>
    </message>
    <message>
        <source>{what}, at the edge found in the image</source>
        <translation>{what}, am im Bild gefundenen Rand</translation>
    </message>
    <message>
        <source>area and area diameter are of the edge found in the image</source>
        <translation>Fläche und Flächendurchmesser gehören zum Rand, der im Bild gefunden wurde</translation>
    </message>
    <message>
        <source>values are those of the voxels that the plane cuts, each by its area in the region</source>
        <translation>die Werte sind die der Voxel, die die Ebene schneidet, jeder nach seiner Fläche im Bereich</translation>
    </message>
    <message>
        <source>min and max are of voxels that lie at least half inside</source>
        <translation>Min und Max sind von Voxeln, die mindestens zur Hälfte innen liegen</translation>
    </message>
    <message>
        <source>values are of the plane, not of the slab that was shown</source>
        <translation>Werte gelten für die Ebene, nicht für die gezeigte dicke Schicht</translation>
    </message>
    <message>
        <source>± is the 95 % half-width for places that a hand puts within their voxels; ± of a mean adds the noise of the mean.</source>
        <translation>± ist die halbe Breite zu 95 % für Stellen, die eine Hand innerhalb ihrer Voxel setzt; ± eines Mittels enthält auch das Rauschen des Mittels.</translation>
    </message>
    <message>
        <source>Blur, other readers and the choice of the plane come on top.</source>
        <translation>Unschärfe, andere Untersucher und die Wahl der Ebene kommen hinzu.</translation>
    </message>
    <message>
        <source>{plane} turned by {angle}°</source>
        <translation>{plane}, um {angle}° gedreht</translation>
    </message>
    <message>
        <source>renal</source>
        <translation>Niere</translation>
    </message>
    <message>
        <source>not DICOM, or damaged</source>
        <translation>kein DICOM oder beschädigt</translation>
    </message>
    <message>
        <source>a DICOMDIR, which names every file</source>
        <translation>ein DICOMDIR, das jede Datei nennt</translation>
    </message>
    <message>
        <source>of a kind that the standard does not name</source>
        <translation>von einer Art, die der Standard nicht nennt</translation>
    </message>
    <message>
        <source>without a number of its own</source>
        <translation>ohne eigene Nummer</translation>
    </message>
    <message>
        <source>a structured report</source>
        <translation>ein strukturierter Bericht</translation>
    </message>
    <message>
        <source>a document within DICOM</source>
        <translation>ein Dokument in DICOM</translation>
    </message>
    <message>
        <source>raw data of a scanner</source>
        <translation>Rohdaten eines Geräts</translation>
    </message>
    <message>
        <source>curves, sounds or surfaces, whose bytes cannot be checked</source>
        <translation>Kurven, Töne oder Oberflächen, deren Bytes nicht geprüft werden können</translation>
    </message>
    <message>
        <source>a picture that may have a name drawn into it</source>
        <translation>ein Bild, in das ein Name gezeichnet sein kann</translation>
    </message>
    <message>
        <source>in a compression whose bytes cannot be checked</source>
        <translation>in einer Kompression, deren Bytes nicht geprüft werden können</translation>
    </message>
    <message>
        <source>larger than {size} GB</source>
        <translation>größer als {size} GB</translation>
    </message>
    <message>
        <source>the same again</source>
        <translation>noch einmal dasselbe</translation>
    </message>
    <message>
        <source>{many} of a head: its surface shows a face.</source>
        <translation>{many} von einem Kopf: Die Oberfläche zeigt ein Gesicht.</translation>
    </message>
    <message>
        <source>1 series is</source>
        <translation>1 Serie ist</translation>
    </message>
    <message>
        <source>{count} series are</source>
        <translation>{count} Serien sind</translation>
    </message>
    <message>
        <source>A segmentation</source>
        <translation>Eine Segmentierung</translation>
    </message>
    <message>
        <source>A report with measurements</source>
        <translation>Ein Bericht mit Messungen</translation>
    </message>
    <message>
        <source>Ultrasound pictures</source>
        <translation>Ultraschallbilder</translation>
    </message>
    <message>
        <source>Pictures of a microscope</source>
        <translation>Bilder eines Mikroskops</translation>
    </message>
    <message>
        <source>Projections (X-ray pictures)</source>
        <translation>Projektionen (Röntgenbilder)</translation>
    </message>
    <message>
        <source>another study</source>
        <translation>eine andere Studie</translation>
    </message>
    <message>
        <source>{what}, stopped on the way</source>
        <translation>{what}, unterwegs angehalten</translation>
    </message>
    <message>
        <source>Kidney tumor</source>
        <comment>structure</comment>
        <translation>Nierentumor</translation>
    </message>
    <message>
        <source>Liver tumor</source>
        <comment>structure</comment>
        <translation>Lebertumor</translation>
    </message>
    <message>
        <source>report</source>
        <comment>word</comment>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>DICOM objects</source>
        <comment>word</comment>
        <translation>DICOM-Objekte</translation>
    </message>
    <message>
        <source>results</source>
        <comment>word</comment>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>folder</source>
        <comment>word</comment>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>image</source>
        <comment>word</comment>
        <translation>Bild</translation>
    </message>
    <message>
        <source>labels</source>
        <comment>word</comment>
        <translation>Labels</translation>
    </message>
    <message>
        <source>structure</source>
        <comment>word</comment>
        <translation>Struktur</translation>
    </message>
    <message>
        <source>plan</source>
        <comment>word</comment>
        <translation>Plan</translation>
    </message>
    <message>
        <source>measurements</source>
        <comment>word</comment>
        <translation>Messungen</translation>
    </message>
    <message>
        <source>parts of a plan</source>
        <comment>word</comment>
        <translation>Teile eines Plans</translation>
    </message>
    <message>
        <source>pictures of a plan</source>
        <comment>word</comment>
        <translation>Bilder eines Plans</translation>
    </message>
    <message>
        <source>picture</source>
        <comment>word</comment>
        <translation>Bild</translation>
    </message>
    <message>
        <source>cutting guides</source>
        <comment>word</comment>
        <translation>Schnittführungen</translation>
    </message>
    <message>
        <source>model to print</source>
        <comment>word</comment>
        <translation>Modell zum Drucken</translation>
    </message>
    <message>
        <source>page for the patient</source>
        <comment>word</comment>
        <translation>Seite für den Patienten</translation>
    </message>
    <message>
        <source>a navigation system</source>
        <comment>word</comment>
        <translation>ein Navigationssystem</translation>
    </message>
    <message>
        <source>liver</source>
        <comment>word</comment>
        <translation>Leber</translation>
    </message>
    <message>
        <source>kidney</source>
        <comment>word</comment>
        <translation>Niere</translation>
    </message>
    <message>
        <source>Filament (FFF), 0.4 mm nozzle</source>
        <extracomment>printers, processes and materials (assets/printers.json)</extracomment>
        <translation>Filament (FFF), Düse 0,4 mm</translation>
    </message>
    <message>
        <source>Resin (SLA, DLP)</source>
        <translation>Harz (SLA, DLP)</translation>
    </message>
    <message>
        <source>Nylon powder (SLS, MJF)</source>
        <translation>Nylonpulver (SLS, MJF)</translation>
    </message>
    <message>
        <source>Material jetting (PolyJet)</source>
        <translation>Material-Jetting (PolyJet)</translation>
    </message>
    <message>
        <source>Filament, 256 × 256 × 256 mm</source>
        <translation>Filament, 256 × 256 × 256 mm</translation>
    </message>
    <message>
        <source>Filament, 220 × 220 × 250 mm</source>
        <translation>Filament, 220 × 220 × 250 mm</translation>
    </message>
    <message>
        <source>Filament, 300 × 300 × 300 mm</source>
        <translation>Filament, 300 × 300 × 300 mm</translation>
    </message>
    <message>
        <source>Resin, 145 × 145 × 185 mm</source>
        <translation>Harz, 145 × 145 × 185 mm</translation>
    </message>
    <message>
        <source>Resin, 335 × 200 × 300 mm</source>
        <translation>Harz, 335 × 200 × 300 mm</translation>
    </message>
    <message>
        <source>Nylon powder, 165 × 165 × 300 mm</source>
        <translation>Nylonpulver, 165 × 165 × 300 mm</translation>
    </message>
    <message>
        <source>Nylon powder, 380 × 284 × 380 mm</source>
        <translation>Nylonpulver, 380 × 284 × 380 mm</translation>
    </message>
    <message>
        <source>Material jetting, 255 × 252 × 200 mm</source>
        <translation>Material-Jetting, 255 × 252 × 200 mm</translation>
    </message>
    <message>
        <source>Material jetting, 490 × 390 × 200 mm</source>
        <translation>Material-Jetting, 490 × 390 × 200 mm</translation>
    </message>
    <message>
        <source>PLA</source>
        <translation>PLA</translation>
    </message>
    <message>
        <source>PETG</source>
        <translation>PETG</translation>
    </message>
    <message>
        <source>TPU 95A, flexible</source>
        <translation>TPU 95A, biegsam</translation>
    </message>
    <message>
        <source>Clear resin</source>
        <translation>Klares Harz</translation>
    </message>
    <message>
        <source>Elastic resin</source>
        <translation>Elastisches Harz</translation>
    </message>
    <message>
        <source>Nylon 12 powder</source>
        <translation>Nylon-12-Pulver</translation>
    </message>
    <message>
        <source>Rigid photopolymer, coloured or clear</source>
        <translation>Festes Photopolymer, farbig oder klar</translation>
    </message>
    <message>
        <source>Flexible photopolymer</source>
        <translation>Biegsames Photopolymer</translation>
    </message>
    <message>
        <source>Take back what was accepted</source>
        <translation>Übernommenes zurücknehmen</translation>
    </message>
    <message>
        <source> and {count} more</source>
        <translation> und {count} weitere</translation>
    </message>
    <message>
        <source>{len} of {count} portal branches lie between two segments: look at {places} and {more} more</source>
        <translation>{len} von {count} Pfortaderästen liegen zwischen zwei Segmenten: {places} und {more} weitere ansehen</translation>
    </message>
    <message>
        <source>{len} branches of the {kind} tree may belong elsewhere: look at {places} and {more} more</source>
        <translation>{len} Äste des {kind}-Baums gehören vielleicht anderswohin: {places} und {more} weitere ansehen</translation>
    </message>
    <message>
        <source>{len} branches of the {kind} tree may belong elsewhere: look at {places}</source>
        <translation>{len} Äste des {kind}-Baums gehören vielleicht anderswohin: {places} ansehen</translation>
    </message>
    <message>
        <source>1 branch of the {kind} tree may belong elsewhere: look at {place}</source>
        <translation>1 Ast des {kind}-Baums gehört vielleicht anderswohin: {place} ansehen</translation>
    </message>
    <message>
        <source>Portal and hepatic veins touch in {len} places, where they were cut apart: {places} and {more} more</source>
        <translation>Pfortader und Lebervenen berühren sich an {len} Stellen, wo sie getrennt wurden: {places} und {more} weitere</translation>
    </message>
    <message>
        <source>This page would be larger than 15 MB</source>
        <translation>Diese Seite wäre größer als 15 MB</translation>
    </message>
    <message>
        <source>Choose fewer structures</source>
        <translation>Weniger Strukturen wählen</translation>
    </message>
    <message>
        <source>an echo</source>
        <translation>ein Echo</translation>
    </message>
    <message>
        <source>queries</source>
        <translation>Abfragen</translation>
    </message>
    <message>
        <source>moving</source>
        <translation>Senden auf eigener Leitung (C-MOVE)</translation>
    </message>
    <message>
        <source>fetching on the same line</source>
        <translation>Holen auf derselben Leitung (C-GET)</translation>
    </message>
    <message>
        <source>storage commitment</source>
        <translation>Zusage der Aufbewahrung (Storage Commitment)</translation>
    </message>
    <message>
        <source>cannot be read ({reason})</source>
        <translation>kann nicht gelesen werden ({reason})</translation>
    </message>
    <message>
        <source>is not taken (reason {code})</source>
        <translation>wird nicht angenommen (Grund {code})</translation>
    </message>
    <message>
        <source>{stored} of {total} objects are there; sending again sends the rest</source>
        <translation>{stored} von {total} Objekten sind da; erneutes Senden sendet den Rest</translation>
    </message>
    <message>
        <source>{stored} of {total} objects are there; sending again sends the rest. If it ends at {name} again, leave that file out</source>
        <translation>{stored} von {total} Objekten sind da; erneutes Senden sendet den Rest. Endet es wieder bei {name}, diese Datei weglassen</translation>
    </message>
    <message>
        <source>Check the certificates and that the port is the secured one</source>
        <extracomment>hints about secured lines (planning/pacs/wire.py)</extracomment>
        <translation>Zertifikate prüfen, und ob der Port der gesicherte ist</translation>
    </message>
    <message>
        <source>Check the port; where it is the secured one, give certificates (TLS)</source>
        <translation>Den Port prüfen; ist es der gesicherte, Zertifikate angeben (TLS)</translation>
    </message>
    <message>
        <source>Check that it trusts our certificate</source>
        <translation type="vanished">Prüfen, ob dort unserem Zertifikat vertraut wird</translation>
    </message>
    <message>
        <source>Port {port} is taken by another program</source>
        <translation>Port {port} ist von einem anderen Programm belegt</translation>
    </message>
    <message>
        <source>&apos;{text}&apos; is no date</source>
        <translation>„{text}“ ist kein Datum</translation>
    </message>
    <message>
        <source>Waiting for the archive&apos;s word that it keeps them</source>
        <translation>Die Zusage des Archivs wird erwartet</translation>
    </message>
    <message>
        <source>{name} was not written as it is</source>
        <translation>{name} wurde nicht unverändert geschrieben</translation>
    </message>
    <message>
        <source>Choose another folder and write it again</source>
        <translation>Anderen Ordner wählen und noch einmal schreiben</translation>
    </message>
    <message>
        <source>The model is not the one that was checked</source>
        <translation>Das Modell ist nicht das geprüfte</translation>
    </message>
    <message>
        <source>Go back to the check and write it again</source>
        <translation>Zur Prüfung zurückgehen und noch einmal schreiben</translation>
    </message>
    <message>
        <source>lie</source>
        <comment>word</comment>
        <translation>liegen</translation>
    </message>
    <message>
        <source>lies</source>
        <comment>word</comment>
        <translation>liegt</translation>
    </message>
    <message>
        <source>vessel</source>
        <comment>word</comment>
        <translation>Gefäß</translation>
    </message>
    <message>
        <source>tavr</source>
        <comment>word</comment>
        <translation>TAVR</translation>
    </message>
    <message>
        <source>tree</source>
        <comment>word</comment>
        <translation>Baum</translation>
    </message>
    <message>
        <source>trees</source>
        <comment>word</comment>
        <translation>Bäume</translation>
    </message>
    <message>
        <source>segment</source>
        <comment>word</comment>
        <translation>Segment</translation>
    </message>
    <message>
        <source>segments</source>
        <comment>word</comment>
        <translation>Segmente</translation>
    </message>
    <message>
        <source>branch</source>
        <comment>word</comment>
        <translation>Ast</translation>
    </message>
    <message>
        <source>branches</source>
        <comment>word</comment>
        <translation>Äste</translation>
    </message>
    <message>
        <source>vein</source>
        <comment>word</comment>
        <translation>Vene</translation>
    </message>
    <message>
        <source>veins</source>
        <comment>word</comment>
        <translation>Venen</translation>
    </message>
    <message>
        <source>voxel</source>
        <comment>word</comment>
        <translation>Voxel</translation>
    </message>
    <message>
        <source>portal</source>
        <comment>word</comment>
        <translation>Pfortader</translation>
    </message>
    <message>
        <source>hepatic</source>
        <comment>word</comment>
        <translation>Lebervenen</translation>
    </message>
    <message>
        <source>left</source>
        <comment>word</comment>
        <translation>links</translation>
    </message>
    <message>
        <source>right</source>
        <comment>word</comment>
        <translation>rechts</translation>
    </message>
    <message>
        <source>earlier</source>
        <comment>word</comment>
        <translation>früher</translation>
    </message>
    <message>
        <source>later</source>
        <comment>word</comment>
        <translation>später</translation>
    </message>
    <message>
        <source>landmarks</source>
        <comment>word</comment>
        <translation>Landmarken</translation>
    </message>
    <message>
        <source>viable</source>
        <comment>word</comment>
        <translation>funktionell</translation>
    </message>
    <message>
        <source>remnant</source>
        <comment>word</comment>
        <translation>Rest</translation>
    </message>
    <message>
        <source>margin</source>
        <comment>word</comment>
        <translation>Resektionsrand</translation>
    </message>
    <message>
        <source>artery</source>
        <comment>word</comment>
        <translation>Arterie</translation>
    </message>
    <message>
        <source>arteries</source>
        <comment>word</comment>
        <translation>Arterien</translation>
    </message>
    <message>
        <source>chemotherapy</source>
        <comment>word</comment>
        <translation>Chemotherapie</translation>
    </message>
    <message>
        <source>perimeter</source>
        <comment>word</comment>
        <translation>Umfang</translation>
    </message>
    <message>
        <source>area</source>
        <comment>word</comment>
        <translation>Fläche</translation>
    </message>
    <message>
        <source>none</source>
        <comment>word</comment>
        <translation>keine</translation>
    </message>
    <message>
        <source>values are those of the voxels that the plane cuts, each by its area in the region, min and max those of voxels that lie at least half inside</source>
        <translation type="vanished">Werte sind die der Voxel, die die Ebene schneidet, jeder nach seiner Fläche im Bereich, Min und Max die von Voxeln, die mindestens zur Hälfte innen liegen</translation>
    </message>
    <message>
        <source>Measure {name}</source>
        <translation>{name} messen</translation>
    </message>
    <message>
        <source>Move {name}</source>
        <translation>{name} verschieben</translation>
    </message>
    <message>
        <source>Move the words of {name}</source>
        <translation>Beschriftung von {name} verschieben</translation>
    </message>
    <message>
        <source>Recolour {name}</source>
        <translation>{name} umfärben</translation>
    </message>
    <message>
        <source>Change {name}</source>
        <translation>{name} ändern</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Open case</source>
        <translation>Fall öffnen</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Open file</source>
        <translation>Datei öffnen</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>Archiv</translation>
    </message>
    <message>
        <source>Send to archive</source>
        <translation>An Archiv senden</translation>
    </message>
    <message>
        <source>Navigation system</source>
        <translation>Navigationssystem</translation>
    </message>
    <message>
        <source>De-identify DICOM files</source>
        <translation>DICOM-Dateien anonymisieren</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>Speichern unter</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Add series to this case</source>
        <translation>Serie zu diesem Fall hinzufügen</translation>
    </message>
    <message>
        <source>Case details</source>
        <translation>Angaben zum Fall</translation>
    </message>
    <message>
        <source>Close case</source>
        <translation>Fall schließen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Search commands</source>
        <translation>Befehle suchen</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>About Theatrum</source>
        <translation>Über Theatrum</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Running work</source>
        <translation>Laufende Arbeiten</translation>
    </message>
    <message>
        <source>Image only</source>
        <translation>Nur das Bild</translation>
    </message>
    <message>
        <source>Structures panel</source>
        <translation>Strukturenliste</translation>
    </message>
    <message>
        <source>Plan panel</source>
        <translation>Planfeld</translation>
    </message>
    <message>
        <source>Next region</source>
        <translation>Nächster Bereich</translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation>Nächste Ansicht</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>Studie</translation>
    </message>
    <message>
        <source>Go to</source>
        <translation>Orte</translation>
    </message>
    <message>
        <source>Segment</source>
        <translation>Segment</translation>
    </message>
    <message>
        <source>Heart</source>
        <translation>Herz</translation>
    </message>
    <message>
        <source>Liver</source>
        <translation>Leber</translation>
    </message>
    <message>
        <source>Kidney</source>
        <translation>Niere</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>Drucken</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Vessels</source>
        <translation>Gefäße</translation>
    </message>
    <message>
        <source>Accept step</source>
        <translation>Schritt übernehmen</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Next step</source>
        <translation>Nächster Schritt</translation>
    </message>
    <message>
        <source>Previous step</source>
        <translation>Vorheriger Schritt</translation>
    </message>
    <message>
        <source>Four panes</source>
        <translation>Vier Ansichten</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>Anordnung</translation>
    </message>
    <message>
        <source>One large, three small</source>
        <translation>Eine große, drei kleine</translation>
    </message>
    <message>
        <source>3D only</source>
        <translation>Nur 3D</translation>
    </message>
    <message>
        <source>Compare two series</source>
        <translation type="vanished">Zwei Serien vergleichen</translation>
    </message>
    <message>
        <source>Page for the patient</source>
        <translation>Seite für Patientin oder Patient</translation>
    </message>
    <message>
        <source>Add series to this case from a folder</source>
        <translation>Diesem Fall eine Serie aus einem Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Add series to this case from a file</source>
        <translation>Diesem Fall eine Serie aus einer Datei hinzufügen</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>Was getan wurde</translation>
    </message>
    <message>
        <source>Encrypt case or change its pass-phrase</source>
        <translation>Fall verschlüsseln oder Passphrase ändern</translation>
    </message>
    <message>
        <source>Take the encryption off</source>
        <translation>Verschlüsselung aufheben</translation>
    </message>
    <message>
        <source>Compare two series or plans</source>
        <translation>Zwei Serien oder Pläne vergleichen</translation>
    </message>
    <message>
        <source>Pane as a window</source>
        <translation>Ansicht als eigenes Fenster</translation>
    </message>
    <message>
        <source>3D view settings</source>
        <translation>Einstellungen der 3D-Ansicht</translation>
    </message>
    <message>
        <source>Link or unlink views</source>
        <translation>Ansichten koppeln oder lösen</translation>
    </message>
    <message>
        <source>Maximise pane</source>
        <translation>Ansicht maximieren</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Window automatic</source>
        <translation>Fensterung automatisch</translation>
    </message>
    <message>
        <source>Fit image</source>
        <translation>Bild einpassen</translation>
    </message>
    <message>
        <source>Smooth pixels</source>
        <translation>Pixel glätten</translation>
    </message>
    <message>
        <source>Crosshair</source>
        <translation>Fadenkreuz</translation>
    </message>
    <message>
        <source>Overlays</source>
        <translation>Überlagerungen</translation>
    </message>
    <message>
        <source>Outline, fill or doubt</source>
        <translation>Umriss, Füllung oder Zweifel</translation>
    </message>
    <message>
        <source>Second image over the first</source>
        <translation>Zweites Bild über dem ersten</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Beschriftungen</translation>
    </message>
    <message>
        <source>Straight planes</source>
        <translation>Ebenen gerade stellen</translation>
    </message>
    <message>
        <source>Align planes to plan</source>
        <translation>Ebenen am Plan ausrichten</translation>
    </message>
    <message>
        <source>Turn planes one by one</source>
        <translation>Ebenen einzeln drehen</translation>
    </message>
    <message>
        <source>Slab</source>
        <translation>Schichtdicke der Ansicht</translation>
    </message>
    <message>
        <source>Slab: brightest, darkest or mean</source>
        <translation>Dicke Schicht: hellste, dunkelste oder Mittelwert</translation>
    </message>
    <message>
        <source>Earlier view</source>
        <translation>Frühere Ansicht</translation>
    </message>
    <message>
        <source>Later view</source>
        <translation>Spätere Ansicht</translation>
    </message>
    <message>
        <source>Probe values</source>
        <translation>Werte abtasten</translation>
    </message>
    <message>
        <source>Magnifier</source>
        <translation>Lupe</translation>
    </message>
    <message>
        <source>Type position, slab or window</source>
        <translation>Position, Dicke oder Fensterung eingeben</translation>
    </message>
    <message>
        <source>Play the heartbeat</source>
        <translation>Herzschlag abspielen</translation>
    </message>
    <message>
        <source>Previous phase</source>
        <translation>Vorherige Phase</translation>
    </message>
    <message>
        <source>Next phase</source>
        <translation>Nächste Phase</translation>
    </message>
    <message>
        <source>Show only this structure</source>
        <translation>Nur diese Struktur zeigen</translation>
    </message>
    <message>
        <source>Structures</source>
        <translation>Strukturen</translation>
    </message>
    <message>
        <source>Previous structure</source>
        <translation>Vorherige Struktur</translation>
    </message>
    <message>
        <source>Next structure</source>
        <translation>Nächste Struktur</translation>
    </message>
    <message>
        <source>Show all structures</source>
        <translation>Alle Strukturen zeigen</translation>
    </message>
    <message>
        <source>Edit structure by hand</source>
        <translation>Struktur von Hand bearbeiten</translation>
    </message>
    <message>
        <source>Add structures from a file</source>
        <translation>Strukturen aus einer Datei hinzufügen</translation>
    </message>
    <message>
        <source>Lock or unlock structure</source>
        <translation>Struktur sperren oder freigeben</translation>
    </message>
    <message>
        <source>Measure distance</source>
        <translation>Abstand messen</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Measure along a path</source>
        <translation>Entlang eines Weges messen</translation>
    </message>
    <message>
        <source>Measure diameter by two points</source>
        <translation>Durchmesser durch zwei Punkte messen</translation>
    </message>
    <message>
        <source>Measure circle by three points</source>
        <translation>Kreis durch drei Punkte messen</translation>
    </message>
    <message>
        <source>Measure ellipse</source>
        <translation>Ellipse messen</translation>
    </message>
    <message>
        <source>Measure with calliper</source>
        <translation>Mit der Schieblehre messen</translation>
    </message>
    <message>
        <source>Measure angle</source>
        <translation>Winkel messen</translation>
    </message>
    <message>
        <source>Measure angle between two lines</source>
        <translation>Winkel zwischen zwei Linien messen</translation>
    </message>
    <message>
        <source>Measure elliptic region</source>
        <translation>Elliptischen Bereich messen</translation>
    </message>
    <message>
        <source>Measure rectangle</source>
        <translation>Rechteck messen</translation>
    </message>
    <message>
        <source>Measure polygon</source>
        <translation>Polygon messen</translation>
    </message>
    <message>
        <source>Measure freehand region</source>
        <translation>Freihandbereich messen</translation>
    </message>
    <message>
        <source>Keep a value</source>
        <translation>Wert behalten</translation>
    </message>
    <message>
        <source>Copy measurements</source>
        <translation>Messungen kopieren</translation>
    </message>
    <message>
        <source>Save picture</source>
        <translation>Bild speichern</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>Verlassen</translation>
    </message>
    <message>
        <source>Slice</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>Mausrad</translation>
    </message>
    <message>
        <source>Ten slices</source>
        <translation>Zehn Schichten</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>Right drag</source>
        <translation>Rechts ziehen</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>Middle drag</source>
        <translation>Mitte ziehen</translation>
    </message>
    <message>
        <source>Drag</source>
        <translation>Ziehen</translation>
    </message>
    <message>
        <source>Window and level</source>
        <translation>Fensterung</translation>
    </message>
    <message>
        <source>Click</source>
        <translation>Klick</translation>
    </message>
    <message>
        <source>Crosshair follows</source>
        <translation>Fadenkreuz folgt</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>Bewegen</translation>
    </message>
    <message>
        <source>Maximise, restore</source>
        <translation>Maximieren, zurück</translation>
    </message>
    <message>
        <source>Double-click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <source>Slice, ten slices</source>
        <translation>Schicht, zehn Schichten</translation>
    </message>
    <message>
        <source>PgUp PgDn</source>
        <translation>Bild↑ Bild↓</translation>
    </message>
    <message>
        <source>First, last slice</source>
        <translation>Erste, letzte Schicht</translation>
    </message>
    <message>
        <source>Printed model: next, previous place</source>
        <translation>Druck: nächste, vorherige Stelle</translation>
    </message>
    <message>
        <source>PgDn PgUp</source>
        <translation>Bild↓ Bild↑</translation>
    </message>
    <message>
        <source>Move a point 0.25 mm</source>
        <translation>Punkt um 0,25 mm bewegen</translation>
    </message>
    <message>
        <source>Arrows</source>
        <translation>Pfeile</translation>
    </message>
    <message>
        <source>Move a point 1 mm, 0.05 mm</source>
        <translation>Punkt um 1 oder 0,05 mm</translation>
    </message>
    <message>
        <source>Turn the planes 1°</source>
        <translation>Ebenen um 1° drehen</translation>
    </message>
    <message>
        <source>Move the chosen cut 0.25 mm</source>
        <translation>Gewählten Schnitt 0,25 mm verschieben</translation>
    </message>
    <message>
        <source>Turn the chosen cut 1°</source>
        <translation>Gewählten Schnitt 1° drehen</translation>
    </message>
    <message>
        <source>Cut: 1 mm or 5°, a tenth</source>
        <translation>Schnitt: 1 mm oder 5°, ein Zehntel</translation>
    </message>
    <message>
        <source>Move a plane</source>
        <translation>Ebene verschieben</translation>
    </message>
    <message>
        <source>Drag its line</source>
        <translation>Ihre Linie ziehen</translation>
    </message>
    <message>
        <source>Turn the planes</source>
        <translation>Ebenen drehen</translation>
    </message>
    <message>
        <source>Drag a line&apos;s end</source>
        <translation>Ende einer Linie ziehen</translation>
    </message>
    <message>
        <source>Slab of a pane</source>
        <translation>Dicke einer Ansicht</translation>
    </message>
    <message>
        <source>Drag a line&apos;s square</source>
        <translation>Quadrat einer Linie ziehen</translation>
    </message>
    <message>
        <source>Plane as it was</source>
        <translation>Ebene wie zuvor</translation>
    </message>
    <message>
        <source>Double-click its line</source>
        <translation>Ihre Linie doppelklicken</translation>
    </message>
    <message>
        <source>Steps of 5°, a tenth</source>
        <translation>Schritte von 5°, ein Zehntel</translation>
    </message>
    <message>
        <source>Fix a drag&apos;s amount</source>
        <translation>Betrag eines Zugs festlegen</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>Ziffern</translation>
    </message>
    <message>
        <source>Type a number of a pane</source>
        <translation>Zahl einer Ansicht eingeben</translation>
    </message>
    <message>
        <source>Click it</source>
        <translation>Anklicken</translation>
    </message>
    <message>
        <source>As long as it is held</source>
        <translation>Solange gehalten</translation>
    </message>
    <message>
        <source>Turn the 3D view</source>
        <translation>3D-Ansicht drehen</translation>
    </message>
    <message>
        <source>Standard views</source>
        <translation>Standardansichten</translation>
    </message>
    <message>
        <source>Strokes: not this</source>
        <translation>Striche: dies nicht</translation>
    </message>
    <message>
        <source>Crosshair in the plane 1 mm</source>
        <translation>Fadenkreuz in der Ebene 1 mm</translation>
    </message>
    <message>
        <source>Crosshair in the plane 10 mm</source>
        <translation>Fadenkreuz in der Ebene 10 mm</translation>
    </message>
    <message>
        <source>Use the tool at the crosshair</source>
        <translation>Das Werkzeug am Fadenkreuz anwenden</translation>
    </message>
    <message>
        <source>Take the value at the crosshair</source>
        <translation>Den Wert am Fadenkreuz nehmen</translation>
    </message>
    <message>
        <source>Other side of a vessel</source>
        <translation>Andere Seite eines Gefäßes</translation>
    </message>
    <message>
        <source>Straight or curved vessel</source>
        <translation>Gefäß gestreckt oder gebogen</translation>
    </message>
    <message>
        <source>Next, previous field</source>
        <translation>Nächstes, voriges Feld</translation>
    </message>
    <message>
        <source>Give a branch to the other tree</source>
        <translation>Ast dem anderen Baum geben</translation>
    </message>
    <message>
        <source>Liver vessels</source>
        <translation>Lebergefäße</translation>
    </message>
    <message>
        <source>Cut a branch off</source>
        <translation>Ast abtrennen</translation>
    </message>
    <message>
        <source>Join two branches</source>
        <translation>Zwei Äste verbinden</translation>
    </message>
    <message>
        <source>Where a tree begins</source>
        <translation>Wo ein Baum beginnt</translation>
    </message>
    <message>
        <source>Click into it</source>
        <translation>Hineinklicken</translation>
    </message>
    <message>
        <source>Strokes</source>
        <translation>Striche</translation>
    </message>
    <message>
        <source>Draw a line through it</source>
        <translation>Eine Linie hindurchziehen</translation>
    </message>
    <message>
        <source>Drag a box round it</source>
        <translation>Einen Kasten darum ziehen</translation>
    </message>
    <message>
        <source>Draw round it</source>
        <translation>Umfahren</translation>
    </message>
    <message>
        <source>This, not this</source>
        <translation>Dies, dies nicht</translation>
    </message>
    <message>
        <source>Scribble what it is not</source>
        <translation>Anstreichen, was es nicht ist</translation>
    </message>
    <message>
        <source>Segment by hand</source>
        <translation>Von Hand segmentieren</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>Radieren</translation>
    </message>
    <message>
        <source>Scissors</source>
        <translation>Schere</translation>
    </message>
    <message>
        <source>Fill holes</source>
        <translation>Löcher füllen</translation>
    </message>
    <message>
        <source>Paint, erase</source>
        <translation>Malen, radieren</translation>
    </message>
    <message>
        <source>Brush: disc, ball</source>
        <translation>Pinsel: Scheibe, Kugel</translation>
    </message>
    <message>
        <source>Brush: only some values</source>
        <translation>Pinsel: nur manche Werte</translation>
    </message>
    <message>
        <source>Segment</source>
        <comment>action</comment>
        <translation>Segment</translation>
    </message>
    <message>
        <source>Print</source>
        <comment>action</comment>
        <translation>Drucken</translation>
    </message>
    <message>
        <source>Structures as outlines</source>
        <translation>Strukturen als Umrisse</translation>
    </message>
    <message>
        <source>Structures filled</source>
        <translation>Strukturen gefüllt</translation>
    </message>
    <message>
        <source>Hatched: where the model is not sure</source>
        <translation>Schraffiert: wo das Modell nicht sicher ist</translation>
    </message>
    <message>
        <source>TAVR plans</source>
        <translation>TAVR-Pläne</translation>
    </message>
    <message>
        <source>Liver plans</source>
        <translation>Leberpläne</translation>
    </message>
    <message>
        <source>Undo {step}</source>
        <translation>Rückgängig: {step}</translation>
    </message>
    <message>
        <source>Redo {step}</source>
        <translation>Wiederholen: {step}</translation>
    </message>
    <message>
        <source>Nothing to undo</source>
        <translation>Nichts rückgängig zu machen</translation>
    </message>
    <message>
        <source>Nothing to redo</source>
        <translation>Nichts zu wiederholen</translation>
    </message>
    <message>
        <source>Two series</source>
        <translation>Zwei Serien</translation>
    </message>
    <message>
        <source>{action}. This case has one series: drop another on the window to add it</source>
        <translation>{action}. Dieser Fall hat eine Serie: eine weitere auf das Fenster ziehen, um sie hinzuzufügen</translation>
    </message>
    <message>
        <source>{name} is shown over the first image</source>
        <translation>{name} liegt über dem ersten Bild</translation>
    </message>
    <message>
        <source>Only the first image is shown</source>
        <translation>Nur das erste Bild ist zu sehen</translation>
    </message>
    <message>
        <source>Choose a structure in the list first.</source>
        <translation>Zuerst eine Struktur in der Liste wählen.</translation>
    </message>
    <message>
        <source>This case is open to read.</source>
        <translation>Dieser Fall ist nur zum Lesen geöffnet.</translation>
    </message>
    <message>
        <source>Everything is saved. Every step is on the disk as soon as it is done.</source>
        <translation>Alles ist gespeichert. Jeder Schritt liegt auf dem Datenträger, sobald er getan ist.</translation>
    </message>
    <message>
        <source>Rename case</source>
        <translation>Fall umbenennen</translation>
    </message>
    <message>
        <source>A label, not the patient&apos;s name.</source>
        <translation>Eine Bezeichnung, nicht der Name des Patienten.</translation>
    </message>
    <message>
        <source>Rename {key}</source>
        <translation>{key} umbenennen</translation>
    </message>
    <message>
        <source>Choose what to delete first.</source>
        <translation>Zuerst wählen, was gelöscht werden soll.</translation>
    </message>
    <message>
        <source>Deleted {key}</source>
        <translation>{key} gelöscht</translation>
    </message>
    <message>
        <source>{name} is locked. Unlock it to delete it.</source>
        <translation>{name} ist gesperrt. Zum Löschen freigeben.</translation>
    </message>
    <message>
        <source>{count} structures</source>
        <translation>{count} Strukturen</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Go there</source>
        <translation>Dorthin</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Correct by strokes</source>
        <translation>Mit Strichen korrigieren</translation>
    </message>
    <message>
        <source>Colour…</source>
        <translation>Farbe …</translation>
    </message>
    <message>
        <source>Show or hide</source>
        <translation>Zeigen oder ausblenden</translation>
    </message>
    <message>
        <source>Tumours</source>
        <translation>Tumoren</translation>
    </message>
    <message>
        <source>Organs</source>
        <translation>Organe</translation>
    </message>
    <message>
        <source>Undone: {draft}</source>
        <translation>Rückgängig gemacht: {draft}</translation>
    </message>
    <message>
        <source>Done again: {undrafted}</source>
        <translation>Wiederholt: {undrafted}</translation>
    </message>
    <message>
        <source>Structures are hidden in this step. Ctrl+B shows them.</source>
        <translation type="vanished">Strukturen sind in diesem Schritt ausgeblendet. Strg+B zeigt sie.</translation>
    </message>
    <message>
        <source>One 3D view is shown</source>
        <translation>Eine 3D-Ansicht ist zu sehen</translation>
    </message>
    <message>
        <source>Views move together</source>
        <translation>Ansichten bewegen sich gemeinsam</translation>
    </message>
    <message>
        <source>Each view moves by itself</source>
        <translation>Jede Ansicht bewegt sich für sich</translation>
    </message>
    <message>
        <source>Only slices and 3D can have a window of their own</source>
        <translation>Nur Schichten und 3D können ein eigenes Fenster haben</translation>
    </message>
    <message>
        <source>Only visible structures are listed</source>
        <translation>Nur sichtbare Strukturen sind aufgeführt</translation>
    </message>
    <message>
        <source>All structures are listed</source>
        <translation>Alle Strukturen sind aufgeführt</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Window</source>
        <comment>of grey values</comment>
        <translation>Fensterung</translation>
    </message>
    <message>
        <source>see its own files</source>
        <translation>siehe eigene Dateien</translation>
    </message>
    <message>
        <source>Version {version}</source>
        <translation>Version {version}</translation>
    </message>
    <message>
        <source>Surgical planning from a CT on one ordinary workstation.</source>
        <translation>Operationsplanung aus einem CT an einem gewöhnlichen Arbeitsplatz.</translation>
    </message>
    <message>
        <source>Apache-2.0. It stands on</source>
        <translation>Apache-2.0. Es baut auf</translation>
    </message>
    <message>
        <source>Their licences&apos; texts: {folder}</source>
        <translation>Die Texte ihrer Lizenzen: {folder}</translation>
    </message>
    <message>
        <source>Parts and their licences</source>
        <translation>Bestandteile und ihre Lizenzen</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>Kernel</translation>
    </message>
    <message>
        <source>Tube voltage</source>
        <translation>Röhrenspannung</translation>
    </message>
    <message>
        <source>Slice thickness</source>
        <translation>Schichtdicke</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>Kontrastmittel</translation>
    </message>
    <message>
        <source>Maker</source>
        <translation>Hersteller</translation>
    </message>
    <message>
        <source>Scanner</source>
        <translation>Scanner</translation>
    </message>
    <message>
        <source>Year</source>
        <translation>Jahr</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>Voxel</source>
        <translation>Voxel</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>Patient</translation>
    </message>
    <message>
        <source>Phases</source>
        <translation>Phasen</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>Phase</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Verloren</translation>
    </message>
    <message numerus="yes">
        <source>%n slice(s) (is|are) lost and (holds|hold) air</source>
        <translation>
            <numerusform>1 Schicht ist verloren und enthält Luft</numerusform>
            <numerusform>%n Schichten sind verloren und enthalten Luft</numerusform>
        </translation>
    </message>
    <message>
        <source>Filled in</source>
        <translation>Aufgefüllt</translation>
    </message>
    <message numerus="yes">
        <source>%n slice(s) (is|are) interpolated</source>
        <translation>
            <numerusform>%n Schicht ist interpoliert</numerusform>
            <numerusform>%n Schichten sind interpoliert</numerusform>
        </translation>
    </message>
    <message>
        <source>{count}, {first} to {last}</source>
        <translation>{count}, {first} bis {last}</translation>
    </message>
    <message>
        <source>Structures as a segmentation (SEG)</source>
        <translation>Strukturen als Segmentierung (SEG)</translation>
    </message>
    <message>
        <source>Measurements as a structured report (SR)</source>
        <translation>Messwerte als strukturierter Bericht (SR)</translation>
    </message>
    <message>
        <source>Report (PDF)</source>
        <translation>Bericht (PDF)</translation>
    </message>
    <message>
        <source>Structures as contours (RTSTRUCT)</source>
        <translation>Strukturen als Konturen (RTSTRUCT)</translation>
    </message>
    <message>
        <source>Structures as surfaces (STL)</source>
        <translation>Strukturen als Oberflächen (STL)</translation>
    </message>
    <message>
        <source>The plans’ pictures (SC)</source>
        <translation>Bilder der Pläne (SC)</translation>
    </message>
    <message>
        <source>What is sent</source>
        <translation>Was gesendet wird</translation>
    </message>
    <message>
        <source>Ask the archive’s word that it keeps them</source>
        <translation>Zusage des Archivs erbitten, dass es sie aufbewahrt</translation>
    </message>
    <message>
        <source>Storage commitment; the archive answers to this computer’s port</source>
        <translation>Storage Commitment; das Archiv antwortet am Port dieses Rechners</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>No structures yet</source>
        <translation>Noch keine Strukturen</translation>
    </message>
    <message>
        <source>No plan yet</source>
        <translation>Noch kein Plan</translation>
    </message>
    <message numerus="yes">
        <source>%n plan(s)</source>
        <translation>
            <numerusform>%n Plan</numerusform>
            <numerusform>%n Pläne</numerusform>
        </translation>
    </message>
    <message>
        <source>{where}. The case’s images came from here.</source>
        <translation>{where}. Die Bilder des Falls kamen von hier.</translation>
    </message>
    <message>
        <source>DICOMweb has no storage commitment</source>
        <translation>DICOMweb kennt keine Zusage der Aufbewahrung</translation>
    </message>
    <message>
        <source>Add one on the archive page first.</source>
        <translation>Zuerst auf der Seite „Archiv“ eines hinzufügen.</translation>
    </message>
    <message>
        <source>They were kept on import. The archive files the results under this patient.</source>
        <translation>Sie wurden beim Import behalten. Das Archiv legt die Ergebnisse bei diesem Patienten ab.</translation>
    </message>
    <message>
        <source>The patient’s name and number go with them</source>
        <translation>Name und Nummer des Patienten gehen mit</translation>
    </message>
    <message>
        <source>They were removed on import. The archive files the results under “Anonymous”, not under the patient.</source>
        <translation>Sie wurden beim Import entfernt. Das Archiv legt die Ergebnisse unter „Anonymous“ ab, nicht beim Patienten.</translation>
    </message>
    <message>
        <source>The image itself goes with them, for the results refer to it.</source>
        <translation>Das Bild selbst geht mit, denn die Ergebnisse beziehen sich darauf.</translation>
    </message>
    <message>
        <source>They go without name and number</source>
        <translation>Sie gehen ohne Name und Nummer</translation>
    </message>
    <message>
        <source>Send the patient’s name and number to {name}?</source>
        <translation>Name und Nummer des Patienten an {name} senden?</translation>
    </message>
    <message>
        <source>What an archive has, this program cannot take back.</source>
        <translation>Was ein Archiv hat, kann dieses Programm nicht zurückholen.</translation>
    </message>
    <message>
        <source>Keep here</source>
        <translation>Hier behalten</translation>
    </message>
    <message>
        <source>Sending to {name}</source>
        <translation>Wird an {name} gesendet</translation>
    </message>
    <message>
        <source>Not everything is at {name}</source>
        <translation>Nicht alles ist bei {name}</translation>
    </message>
    <message>
        <source>{taken} of {count} objects are there.</source>
        <translation>{taken} von {count} Objekten sind da.</translation>
    </message>
    <message>
        <source>The archive gave no word that it keeps them</source>
        <translation>Das Archiv gab keine Zusage, dass es sie aufbewahrt</translation>
    </message>
    <message>
        <source>It answers for {kept} of {taken}. Send again later.</source>
        <translation>Es steht für {kept} von {taken} ein. Später noch einmal senden.</translation>
    </message>
    <message>
        <source>The archive does not keep all of them</source>
        <translation>Das Archiv bewahrt nicht alle auf</translation>
    </message>
    <message>
        <source>{words}: {count} objects</source>
        <translation>{words}: {count} Objekte</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) (is|are) at {name}</source>
        <translation>
            <numerusform>%n Objekt ist bei {name}</numerusform>
            <numerusform>%n Objekte sind bei {name}</numerusform>
        </translation>
    </message>
    <message>
        <source>{words}; it keeps them by its word</source>
        <translation>{words}; die Aufbewahrung ist zugesagt</translation>
    </message>
    <message>
        <source>Sending to {name} was stopped: a part may be there already. Sending again sends the rest.</source>
        <translation>Das Senden an {name} wurde angehalten: Ein Teil kann schon dort sein. Erneutes Senden schickt den Rest.</translation>
    </message>
    <message>
        <source>Vessel</source>
        <translation>Gefäß</translation>
    </message>
    <message>
        <source>{kind} plan</source>
        <translation type="vanished">{kind}-Plan</translation>
    </message>
    <message>
        <source>{count} {kind} plans</source>
        <translation type="vanished">{count} {kind}-Pläne</translation>
    </message>
    <message numerus="yes">
        <source>%n structure(s), no plan yet</source>
        <translation>
            <numerusform>%n Struktur, noch kein Plan</numerusform>
            <numerusform>%n Strukturen, noch kein Plan</numerusform>
        </translation>
    </message>
    <message>
        <source>Label of the case</source>
        <translation>Bezeichnung des Falls</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Bezeichnung</translation>
    </message>
    <message>
        <source>The label is shown everywhere. The patient&apos;s name does not belong in it.</source>
        <translation>Die Bezeichnung ist überall zu sehen. Der Name des Patienten gehört nicht hinein.</translation>
    </message>
    <message>
        <source>Facts of the case</source>
        <translation>Tatsachen zum Fall</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Name and number were removed on import.</source>
        <translation>Name und Nummer wurden beim Import entfernt.</translation>
    </message>
    <message>
        <source>Show name and number</source>
        <translation>Name und Nummer zeigen</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Stopped: {reason}</source>
        <translation>Angehalten: {reason}</translation>
    </message>
    <message>
        <source>Stopped by you</source>
        <translation>Von Hand angehalten</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>Remove from list</source>
        <translation>Aus der Liste entfernen</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Nothing is running.</source>
        <translation>Nichts läuft.</translation>
    </message>
    <message>
        <source>Theatrum was brought down last time</source>
        <translation>Theatrum wurde beim letzten Mal unerwartet beendet</translation>
    </message>
    <message>
        <source>Something went wrong inside Theatrum</source>
        <translation>In Theatrum ist etwas schiefgegangen</translation>
    </message>
    <message>
        <source>Every step that was shown is on the disk. The log says where it happened; names of patients and files are not in it. Whoever looks after this program can find the fault with it.</source>
        <translation>Jeder gezeigte Schritt liegt auf der Festplatte. Das Protokoll sagt, wo es geschah; Namen von Patienten und Dateien stehen nicht darin. Wer dieses Programm betreut, kann den Fehler damit finden.</translation>
    </message>
    <message>
        <source>Show its folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <source>Save the log</source>
        <translation>Protokoll speichern</translation>
    </message>
    <message>
        <source>What is whole of it can be written into a new case. The damaged file stays as it is.</source>
        <translation>Was davon ganz ist, kann in einen neuen Fall geschrieben werden. Die beschädigte Datei bleibt, wie sie ist.</translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Bringing back what is whole</source>
        <translation>Was ganz ist, wird zurückgeholt</translation>
    </message>
    <message>
        <source>Everything came back, as {name}</source>
        <translation>Alles ist zurück, als {name}</translation>
    </message>
    <message numerus="yes">
        <source>And %n more.</source>
        <translation>
            <numerusform>Und 1 weiterer Punkt.</numerusform>
            <numerusform>Und %n weitere Punkte.</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} was written, not all came back</source>
        <translation>{name} ist geschrieben, aber nicht alles kam zurück</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>What you can do: {hint}</source>
        <translation>Was zu tun ist: {hint}</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Keep open</source>
        <translation>Offen lassen</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>Anhalten und schließen</translation>
    </message>
    <message>
        <source>On the same line (C-GET)</source>
        <translation>Auf derselben Leitung (C-GET)</translation>
    </message>
    <message>
        <source>The archive sends to us (C-MOVE)</source>
        <translation>Das Archiv sendet hierher (C-MOVE)</translation>
    </message>
    <message>
        <source>Edit archive</source>
        <translation>Archiv bearbeiten</translation>
    </message>
    <message>
        <source>Name here</source>
        <translation>Name hier</translation>
    </message>
    <message>
        <source>Hospital archive</source>
        <translation type="vanished">Klinikarchiv</translation>
    </message>
    <message>
        <source>Speaks</source>
        <translation>Spricht</translation>
    </message>
    <message>
        <source>AE title</source>
        <translation>AE-Titel</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Rechner</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Host, port</source>
        <translation>Rechner, Port</translation>
    </message>
    <message>
        <source>Images come</source>
        <translation>Bilder kommen</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Speaks {language}</source>
        <translation>Spricht {language}</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Testen</translation>
    </message>
    <message>
        <source>Ask whether it is there</source>
        <translation>Fragen, ob es da ist</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Take this archive off the list; what came from it stays</source>
        <translation>Dieses Archiv aus der Liste nehmen; was von ihm kam, bleibt</translation>
    </message>
    <message>
        <source>A name is missing</source>
        <translation>Ein Name fehlt</translation>
    </message>
    <message>
        <source>Give the archive a name by which it is chosen here</source>
        <translation>Dem Archiv einen Namen geben, unter dem es hier gewählt wird</translation>
    </message>
    <message>
        <source>The port is missing</source>
        <translation>Der Port fehlt</translation>
    </message>
    <message>
        <source>Often 104 or 11112</source>
        <translation>Oft 104 oder 11112</translation>
    </message>
    <message>
        <source>{name} answers</source>
        <translation>{name} antwortet</translation>
    </message>
    <message>
        <source>After {seconds} s.</source>
        <translation>Nach {seconds} s.</translation>
    </message>
    <message>
        <source>Asking …</source>
        <translation>Fragt …</translation>
    </message>
    <message>
        <source>It can be looked at as it is now. Nothing can be changed in it here.</source>
        <translation>Er kann so, wie er jetzt ist, angesehen werden. Geändert werden kann hier nichts.</translation>
    </message>
    <message>
        <source>not now</source>
        <translation>jetzt nicht</translation>
    </message>
    <message>
        <source>Not possible now</source>
        <translation>Jetzt nicht möglich</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>Befehl suchen</translation>
    </message>
    <message>
        <source>Commands found</source>
        <translation>Gefundene Befehle</translation>
    </message>
    <message>
        <source>↑ ↓ choose</source>
        <translation>↑ ↓ wählt</translation>
    </message>
    <message>
        <source>Enter runs</source>
        <translation>Enter führt aus</translation>
    </message>
    <message>
        <source>Nothing matches “{text}”.</source>
        <translation>Nichts passt zu „{text}“.</translation>
    </message>
    <message>
        <source>Work from {at} was found</source>
        <translation>Arbeit von {at} gefunden</translation>
    </message>
    <message>
        <source>Theatrum stopped without closing “{label}”. Every step up to {edited:%H:%M:%S} is here.</source>
        <translation>Theatrum endete, ohne „{label}“ zu schließen. Jeder Schritt bis {edited:%H:%M:%S} ist da.</translation>
    </message>
    <message>
        <source>Continue from {at}</source>
        <translation>Weiter ab {at}</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>Wie der Desktop</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Textgröße</translation>
    </message>
    <message>
        <source>Interface size</source>
        <translation>Größe der Oberfläche</translation>
    </message>
    <message>
        <source>after a restart</source>
        <translation>nach einem Neustart</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <source>Planning</source>
        <translation>Planung</translation>
    </message>
    <message>
        <source>Radiology</source>
        <translation>Radiologie</translation>
    </message>
    <message>
        <source>Left button on the image</source>
        <translation>Linke Taste auf dem Bild</translation>
    </message>
    <message>
        <source>Left button</source>
        <translation>Linke Taste</translation>
    </message>
    <message>
        <source>Planning: crosshair. Radiology: window and level.</source>
        <translation>Planung: Fadenkreuz. Radiologie: Fensterung.</translation>
    </message>
    <message>
        <source>C-arm of your room</source>
        <translation>C-Bogen im Saal</translation>
    </message>
    <message>
        <source>LAO and RAO up to</source>
        <translation>LAO und RAO bis</translation>
    </message>
    <message>
        <source>CRA and CAU up to</source>
        <translation>CRA und CAU bis</translation>
    </message>
    <message>
        <source>The interface size changes after a restart.</source>
        <translation>Die Größe der Oberfläche ändert sich nach einem Neustart.</translation>
    </message>
    <message>
        <source>The language changes when this window is closed.</source>
        <translation type="vanished">Die Sprache ändert sich nach einem Neustart.</translation>
    </message>
    <message>
        <source>Click a key to bind another one. Keys that were changed have a dot.</source>
        <translation type="vanished">Eine Taste anklicken, um eine andere zuzuweisen. Geänderte Tasten tragen einen Stift.</translation>
    </message>
    <message>
        <source>Click a key to bind another one. Keys that were changed have a pencil.</source>
        <translation>Eine Taste anklicken, um eine andere zuzuweisen. Geänderte Tasten tragen einen Stift.</translation>
    </message>
    <message>
        <source>no key</source>
        <translation>keine Taste</translation>
    </message>
    <message>
        <source>{keys}. Click to bind another key.</source>
        <translation>{keys}. Klicken, um eine andere Taste zuzuweisen.</translation>
    </message>
    <message>
        <source>Press keys</source>
        <translation>Tasten drücken</translation>
    </message>
    <message>
        <source>Find a shortcut</source>
        <translation>Tastenkürzel suchen</translation>
    </message>
    <message>
        <source>All keys as they came</source>
        <translation>Alle Tasten wie geliefert</translation>
    </message>
    <message>
        <source>Any pane</source>
        <translation>Jede Ansicht</translation>
    </message>
    <message>
        <source>These keys are fixed.</source>
        <translation>Diese Tasten stehen fest.</translation>
    </message>
    <message>
        <source>Take it</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>Own key</source>
        <translation>Eigene Taste</translation>
    </message>
    <message>
        <source>Press the keys for “{name}”. Backspace for none, Esc leaves.</source>
        <translation>Tasten für „{name}“ drücken. Rücktaste für keine, Esc verlässt.</translation>
    </message>
    <message>
        <source>{key} is “{name}” already. Taken from it, that has no key.</source>
        <translation>{key} ist schon „{name}“. Wird sie übernommen, hat das keine Taste mehr.</translation>
    </message>
    <message>
        <source>“{name}” has {key} now.</source>
        <translation>„{name}“ hat jetzt {key}.</translation>
    </message>
    <message>
        <source>Theatrum cases (*.theatrum)</source>
        <translation>Theatrum-Fälle (*.theatrum)</translation>
    </message>
    <message>
        <source>Scans (*.dcm *.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.zip DICOMDIR);;All files (*)</source>
        <translation>Scans (*.dcm *.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.zip DICOMDIR);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Image, NIfTI (*.nii.gz);;Image, NRRD (*.nrrd);;Image, MetaImage (*.mha);;Structures as label map (*.labels.nii.gz);;Chosen structure, STL (*.stl);;Chosen structure, PLY (*.ply);;Chosen structure, OBJ (*.obj);;Chosen structure, GLB (*.glb);;Chosen structure, VTP (*.vtp);;Newest plan, JSON (*.json);;Newest plan, CSV (*.csv)</source>
        <translation type="vanished">Bild, NIfTI (*.nii.gz);;Bild, NRRD (*.nrrd);;Bild, MetaImage (*.mha);;Strukturen als Labelkarte (*.labels.nii.gz);;Gewählte Struktur, STL (*.stl);;Gewählte Struktur, PLY (*.ply);;Gewählte Struktur, OBJ (*.obj);;Gewählte Struktur, GLB (*.glb);;Gewählte Struktur, VTP (*.vtp);;Neuester Plan, JSON (*.json);;Neuester Plan, CSV (*.csv)</translation>
    </message>
    <message>
        <source>Image, NIfTI (*.nii.gz);;Image, NRRD (*.nrrd);;Image, MetaImage (*.mha);;Structures as label map (*.labels.nii.gz);;Chosen structure, STL (*.stl);;Chosen structure, PLY (*.ply);;Chosen structure, OBJ (*.obj);;Chosen structure, GLB (*.glb);;Chosen structure, USDZ (*.usdz);;Chosen structure, VTP (*.vtp);;Newest plan, JSON (*.json);;Newest plan, CSV (*.csv)</source>
        <translation>Bild, NIfTI (*.nii.gz);;Bild, NRRD (*.nrrd);;Bild, MetaImage (*.mha);;Strukturen als Labelkarte (*.labels.nii.gz);;Gewählte Struktur, STL (*.stl);;Gewählte Struktur, PLY (*.ply);;Gewählte Struktur, OBJ (*.obj);;Gewählte Struktur, GLB (*.glb);;Gewählte Struktur, USDZ (*.usdz);;Gewählte Struktur, VTP (*.vtp);;Neuester Plan, JSON (*.json);;Neuester Plan, CSV (*.csv)</translation>
    </message>
    <message>
        <source>Web page (*.html)</source>
        <translation>Webseite (*.html)</translation>
    </message>
    <message>
        <source>Film, GIF (*.gif);;Film, WebP (*.webp);;Folder of pictures (*.png)</source>
        <translation>Film, GIF (*.gif);;Film, WebP (*.webp);;Ordner mit Bildern (*.png)</translation>
    </message>
    <message>
        <source>{name} is there already. Replace it?</source>
        <translation>{name} gibt es schon. Ersetzen?</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Add a file to this case</source>
        <translation>Diesem Fall eine Datei hinzufügen</translation>
    </message>
    <message>
        <source>Pictures (*.png)</source>
        <translation>Bilder (*.png)</translation>
    </message>
    <message>
        <source>Picture saved as {name}</source>
        <translation>Bild gespeichert als {name}</translation>
    </message>
    <message>
        <source>{name} cannot be written. Choose another folder.</source>
        <translation>{name} kann nicht geschrieben werden. Einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <source>Save large picture</source>
        <translation>Großes Bild speichern</translation>
    </message>
    <message>
        <source>Drawing the large picture</source>
        <translation>Großes Bild wird gezeichnet</translation>
    </message>
    <message>
        <source>Save turning film</source>
        <translation>Drehfilm speichern</translation>
    </message>
    <message>
        <source>Drawing the film</source>
        <translation>Film wird gezeichnet</translation>
    </message>
    <message>
        <source>Film saved as {name}</source>
        <translation>Film gespeichert als {name}</translation>
    </message>
    <message>
        <source>Writing the copy</source>
        <translation>Kopie wird geschrieben</translation>
    </message>
    <message>
        <source>Saved a copy as {name}</source>
        <translation>Kopie gespeichert als {name}</translation>
    </message>
    <message>
        <source>The copy keeps name and number</source>
        <translation>Die Kopie behält Name und Nummer</translation>
    </message>
    <message>
        <source>They were kept on import. Whoever gets the copy can read them.</source>
        <translation>Sie wurden beim Import behalten. Wer die Kopie bekommt, kann sie lesen.</translation>
    </message>
    <message>
        <source>Save copy</source>
        <translation>Kopie sichern</translation>
    </message>
    <message>
        <source>The files keep name and number</source>
        <translation>Die Dateien behalten Name und Nummer</translation>
    </message>
    <message>
        <source>They were kept on import. Whoever gets the files can read them.</source>
        <translation>Sie wurden beim Import behalten. Wer die Dateien bekommt, kann sie lesen.</translation>
    </message>
    <message>
        <source>Write files</source>
        <translation>Dateien schreiben</translation>
    </message>
    <message>
        <source>The page keeps these names: {names}</source>
        <translation>Die Seite behält diese Namen: {names}</translation>
    </message>
    <message>
        <source>A person gave them. Read them before the page is given away.</source>
        <translation>Ein Mensch hat sie vergeben. Vor der Weitergabe der Seite lesen.</translation>
    </message>
    <message>
        <source>Make the page</source>
        <translation>Seite erstellen</translation>
    </message>
    <message>
        <source>Exported {what} as {name}</source>
        <translation>{what} als {name} exportiert</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Exported {name}</source>
        <translation>{name} exportiert</translation>
    </message>
    <message>
        <source>Segment or show a structure first.</source>
        <translation>Zuerst eine Struktur segmentieren oder einblenden.</translation>
    </message>
    <message>
        <source>Making the page for the patient</source>
        <translation>Seite für Patientin oder Patient wird erstellt</translation>
    </message>
    <message>
        <source>Page for the patient saved as {name}</source>
        <translation>Seite für Patientin oder Patient als {name} gespeichert</translation>
    </message>
    <message>
        <source>This stopped unexpectedly. Nothing was changed</source>
        <translation>Dies endete unerwartet. Nichts wurde geändert</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Fetch what is not here yet</source>
        <translation>Holen, was noch nicht hier ist</translation>
    </message>
    <message>
        <source>Fetching from {name}</source>
        <translation>Wird von {name} geholt</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Wird angehalten</translation>
    </message>
    <message numerus="yes">
        <source>%n came now.</source>
        <translation>
            <numerusform>%n kam jetzt.</numerusform>
            <numerusform>%n kamen jetzt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) did not come.</source>
        <translation>
            <numerusform>%n Bild kam nicht.</numerusform>
            <numerusform>%n Bilder kamen nicht.</numerusform>
        </translation>
    </message>
    <message>
        <source>The archive had said {told}; it lists {here}.</source>
        <translation>Das Archiv hatte {told} genannt; es führt {here} auf.</translation>
    </message>
    <message numerus="yes">
        <source>%n could not be kept.</source>
        <translation>
            <numerusform>%n konnte nicht behalten werden.</numerusform>
            <numerusform>%n konnten nicht behalten werden.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) (is|are) here</source>
        <translation>
            <numerusform>%n Bild ist hier</numerusform>
            <numerusform>%n Bilder sind hier</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) (is|are) here and stay(s|).</source>
        <translation>
            <numerusform>%n Bild ist hier und bleibt.</numerusform>
            <numerusform>%n Bilder sind hier und bleiben.</numerusform>
        </translation>
    </message>
    <message>
        <source>the slice</source>
        <translation>die Schicht</translation>
    </message>
    <message>
        <source>ten slices</source>
        <translation>zehn Schichten</translation>
    </message>
    <message>
        <source>the first slice</source>
        <translation>die erste Schicht</translation>
    </message>
    <message>
        <source>the last slice</source>
        <translation>die letzte Schicht</translation>
    </message>
    <message>
        <source>moving a point</source>
        <translation>das Bewegen eines Punktes</translation>
    </message>
    <message>
        <source>panning</source>
        <translation>das Verschieben</translation>
    </message>
    <message>
        <source>window and level</source>
        <translation>die Fensterung</translation>
    </message>
    <message>
        <source>turning the planes</source>
        <translation>das Drehen der Ebenen</translation>
    </message>
    <message>
        <source>{key} moves the keyboard from one thing to the next.</source>
        <translation>{key} führt die Tastatur vom einen zum nächsten.</translation>
    </message>
    <message>
        <source>{key} is {use} in every pane.</source>
        <translation>{key} ist in jeder Ansicht {use}.</translation>
    </message>
    <message>
        <source>A single letter would be typed into fields. Take it with Ctrl or Alt, or a function key.</source>
        <translation>Ein einzelner Buchstabe würde in Felder geschrieben. Mit Strg oder Alt wählen oder eine Funktionstaste.</translation>
    </message>
    <message>
        <source>{key} means the same everywhere and cannot be given away.</source>
        <translation>{key} bedeutet überall dasselbe und kann nicht vergeben werden.</translation>
    </message>
    <message>
        <source>Ctrl</source>
        <translation>Strg</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Umschalt</translation>
    </message>
    <message>
        <source>Alt</source>
        <translation>Alt</translation>
    </message>
    <message>
        <source>PgDn</source>
        <translation>Bild ↓</translation>
    </message>
    <message>
        <source>PgUp</source>
        <translation>Bild ↑</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Entf</translation>
    </message>
    <message>
        <source>Backspace</source>
        <translation>Rücktaste</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>Pos1</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>Ins</source>
        <translation>Einfg</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Weg</translation>
    </message>
    <message>
        <source>Diameter</source>
        <translation>Durchmesser</translation>
    </message>
    <message>
        <source>Circle</source>
        <translation>Kreis</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>Ellipse</translation>
    </message>
    <message>
        <source>Calliper</source>
        <translation>Schieblehre</translation>
    </message>
    <message>
        <source>Cobb angle</source>
        <translation>Cobb-Winkel</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>Rechteck</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Polygon</translation>
    </message>
    <message>
        <source>Freehand</source>
        <translation>Freihand</translation>
    </message>
    <message>
        <source>Probe</source>
        <translation>Abtasten</translation>
    </message>
    <message>
        <source>Click two places, or drag from one to the other. Esc leaves.</source>
        <translation>Zwei Stellen anklicken oder von einer zur anderen ziehen. Esc verlässt.</translation>
    </message>
    <message>
        <source>Click along the way; a double click or Enter ends it. Backspace takes a place back, Esc leaves.</source>
        <translation>Entlang des Weges klicken; Doppelklick oder Enter beendet. Rücktaste nimmt eine Stelle zurück, Esc verlässt.</translation>
    </message>
    <message>
        <source>Drag from one side to the other, or click both. Esc leaves.</source>
        <translation>Von Seite zu Seite ziehen oder beide anklicken. Esc verlässt.</translation>
    </message>
    <message>
        <source>Click three places on the edge. Esc leaves.</source>
        <translation>Drei Stellen am Rand anklicken. Esc verlässt.</translation>
    </message>
    <message>
        <source>Drag a box around it, then drag its handles. Esc leaves.</source>
        <translation>Einen Kasten darum ziehen, dann seine Griffe ziehen. Esc verlässt.</translation>
    </message>
    <message>
        <source>Click inside a bright vessel, or drag from one side to the other. Esc leaves.</source>
        <translation>In ein helles Gefäß klicken oder von Seite zu Seite ziehen. Esc verlässt.</translation>
    </message>
    <message>
        <source>Click one end, the corner and the other end. Esc leaves.</source>
        <translation>Ein Ende, den Scheitel und das andere Ende anklicken. Esc verlässt.</translation>
    </message>
    <message>
        <source>Drag along one line, then along the other. Esc leaves.</source>
        <translation>An einer Linie entlang ziehen, dann an der anderen. Esc verlässt.</translation>
    </message>
    <message>
        <source>Drag a box around the region. Esc leaves.</source>
        <translation>Einen Kasten um den Bereich ziehen. Esc verlässt.</translation>
    </message>
    <message>
        <source>Drag from corner to corner. Esc leaves.</source>
        <translation>Von Ecke zu Ecke ziehen. Esc verlässt.</translation>
    </message>
    <message>
        <source>Click the corners; a double click, Enter or the first corner closes it. Backspace takes one back.</source>
        <translation>Die Ecken anklicken; Doppelklick, Enter oder die erste Ecke schließt. Rücktaste nimmt eine zurück.</translation>
    </message>
    <message>
        <source>Draw round the region. Esc leaves.</source>
        <translation>Den Bereich umfahren. Esc verlässt.</translation>
    </message>
    <message>
        <source>Click to keep the value there. Esc leaves.</source>
        <translation>Klicken, um den Wert dort zu behalten. Esc verlässt.</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>Straight</source>
        <translation>Luftlinie</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>Fläche</translation>
    </message>
    <message>
        <source>Area diameter</source>
        <translation>Ø aus Fläche</translation>
    </message>
    <message>
        <source>Least</source>
        <translation>Kleinster</translation>
    </message>
    <message>
        <source>Greatest</source>
        <translation>Größter</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Weite</translation>
    </message>
    <message>
        <source>Perimeter</source>
        <translation>Umfang</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>SD</source>
        <translation>SD</translation>
    </message>
    <message>
        <source>Median</source>
        <translation>Median</translation>
    </message>
    <message>
        <source>Min</source>
        <translation>Min</translation>
    </message>
    <message>
        <source>Max</source>
        <translation>Max</translation>
    </message>
    <message>
        <source>Outside the scan</source>
        <translation>Außerhalb des Scans</translation>
    </message>
    <message>
        <source>of the plane, not of the slab</source>
        <translation>der Ebene, nicht der dicken Schicht</translation>
    </message>
    <message>
        <source>measured in {image}</source>
        <translation>gemessen in {image}</translation>
    </message>
    <message>
        <source>measured at {phase}</source>
        <translation>gemessen bei {phase}</translation>
    </message>
    <message>
        <source>{share} % of the region lie outside the scan.</source>
        <translation>{share} % des Bereichs liegen außerhalb des Scans.</translation>
    </message>
    <message>
        <source>The edge is unclear over {share} % of the contour. Check the widths.</source>
        <translation>Der Rand ist über {share} % der Kontur unklar. Die Weiten prüfen.</translation>
    </message>
    <message>
        <source>The edge is unclear over {share} % of the contour. Check the area.</source>
        <translation>Die Kante ist über {share} % der Kontur unklar. Die Fläche prüfen.</translation>
    </message>
    <message>
        <source>Finding the edge</source>
        <translation>Rand wird gesucht</translation>
    </message>
    <message>
        <source>Reading the values</source>
        <translation>Werte werden gelesen</translation>
    </message>
    <message>
        <source>Move the words of</source>
        <translation>Beschriftung verschieben von</translation>
    </message>
    <message>
        <source>Recolour</source>
        <translation>Umfärben</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Type {number}…</source>
        <translation>{number} eingeben …</translation>
    </message>
    <message>
        <source>Common colour</source>
        <translation>Gemeinsame Farbe</translation>
    </message>
    <message>
        <source>Words in their own place</source>
        <translation>Beschriftung an ihren Platz</translation>
    </message>
    <message>
        <source>Nothing is measured yet.</source>
        <translation>Noch nichts gemessen.</translation>
    </message>
    <message numerus="yes">
        <source>%n measurement(s) copied</source>
        <translation>
            <numerusform>%n Messung kopiert</numerusform>
            <numerusform>%n Messungen kopiert</numerusform>
        </translation>
    </message>
    <message>
        <source>“{text}” is no number in {unit}.</source>
        <translation>„{text}“ ist keine Zahl in {unit}.</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>Case {number}</source>
        <translation>Fall {number}</translation>
    </message>
    <message>
        <source>Opening the case</source>
        <translation>Fall wird geöffnet</translation>
    </message>
    <message>
        <source>Change it</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>Encrypt</source>
        <translation>Verschlüsseln</translation>
    </message>
    <message>
        <source>The pass-phrase was changed</source>
        <translation>Die Passphrase ist geändert</translation>
    </message>
    <message>
        <source>The case is encrypted</source>
        <translation>Der Fall ist verschlüsselt</translation>
    </message>
    <message>
        <source>Encrypting the case</source>
        <translation>Der Fall wird verschlüsselt</translation>
    </message>
    <message>
        <source>This case is not encrypted.</source>
        <translation>Dieser Fall ist nicht verschlüsselt.</translation>
    </message>
    <message>
        <source>Take the encryption off?</source>
        <translation>Verschlüsselung aufheben?</translation>
    </message>
    <message>
        <source>Whoever gets the file can then read the scan and the plan. Nothing is lost.</source>
        <translation>Wer die Datei bekommt, kann dann Aufnahme und Plan lesen. Verloren geht nichts.</translation>
    </message>
    <message>
        <source>Keep it encrypted</source>
        <translation>Verschlüsselt lassen</translation>
    </message>
    <message>
        <source>Take it off</source>
        <translation>Aufheben</translation>
    </message>
    <message>
        <source>The case is not encrypted any more</source>
        <translation>Der Fall ist nicht mehr verschlüsselt</translation>
    </message>
    <message>
        <source>Decrypting the case</source>
        <translation>Die Verschlüsselung wird aufgehoben</translation>
    </message>
    <message>
        <source>Wait until the work at the bottom has ended, or stop it.</source>
        <translation>Warten Sie, bis die Arbeit unten zu Ende ist, oder halten Sie sie an.</translation>
    </message>
    <message>
        <source>Encrypt this case</source>
        <translation>Diesen Fall verschlüsseln</translation>
    </message>
    <message>
        <source>Change the pass-phrase</source>
        <translation>Passphrase ändern</translation>
    </message>
    <message>
        <source>Building the volume</source>
        <translation>Volumen wird aufgebaut</translation>
    </message>
    <message>
        <source>Go to {place}</source>
        <translation>Zu {place}</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>Messungen</translation>
    </message>
    <message>
        <source>Open {name}</source>
        <translation>{name} öffnen</translation>
    </message>
    <message>
        <source>Recent cases</source>
        <translation>Letzte Fälle</translation>
    </message>
    <message>
        <source>The file is not there</source>
        <translation>Die Datei ist nicht da</translation>
    </message>
    <message>
        <source>Open a case first</source>
        <translation>Zuerst einen Fall öffnen</translation>
    </message>
    <message>
        <source>Step {number}: {name}</source>
        <translation>Schritt {number}: {name}</translation>
    </message>
    <message>
        <source>Earlier steps come first</source>
        <translation>Frühere Schritte kommen zuerst</translation>
    </message>
    <message>
        <source>Open plan {name}</source>
        <translation>Plan {name} öffnen</translation>
    </message>
    <message>
        <source>Plans</source>
        <translation>Pläne</translation>
    </message>
    <message>
        <source>No plans and no structures yet</source>
        <translation>Noch keine Pläne und keine Strukturen</translation>
    </message>
    <message>
        <source>Write results as DICOM …</source>
        <translation>Ergebnisse als DICOM schreiben …</translation>
    </message>
    <message>
        <source>Send results as DICOM …</source>
        <translation type="vanished">Ergebnisse als DICOM ausgeben …</translation>
    </message>
    <message>
        <source>Hide {name}</source>
        <translation>{name} ausblenden</translation>
    </message>
    <message>
        <source>Show {name}</source>
        <translation>{name} zeigen</translation>
    </message>
    <message>
        <source>ticked</source>
        <translation>angekreuzt</translation>
    </message>
    <message>
        <source>not ticked</source>
        <translation>nicht angekreuzt</translation>
    </message>
    <message>
        <source>Change, test or remove this archive</source>
        <translation>Dieses Archiv ändern, testen oder entfernen</translation>
    </message>
    <message>
        <source>Add an archive</source>
        <translation>Ein Archiv hinzufügen</translation>
    </message>
    <message>
        <source>Remove from this computer</source>
        <translation>Von diesem Rechner entfernen</translation>
    </message>
    <message>
        <source>Fetch</source>
        <translation>Holen</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message numerus="yes">
        <source>%n chosen</source>
        <translation>
            <numerusform>%n gewählt</numerusform>
            <numerusform>%n gewählt</numerusform>
        </translation>
    </message>
    <message>
        <source>Fetch the rest</source>
        <translation>Rest holen</translation>
    </message>
    <message numerus="yes">
        <source>Fetch %n image(s)</source>
        <translation>
            <numerusform>%n Bild holen</numerusform>
            <numerusform>%n Bilder holen</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose a study first</source>
        <translation>Zuerst eine Studie wählen</translation>
    </message>
    <message>
        <source>Choose studies or series to fetch. Several with Ctrl or Shift.</source>
        <translation>Studien oder Serien zum Holen wählen. Mehrere mit Strg oder Umschalt.</translation>
    </message>
    <message>
        <source>The files here hold name and number. They are removed when a series is opened, unless you keep them.</source>
        <translation type="vanished">Die Dateien hier enthalten Name und Nummer. Beim Öffnen einer Serie werden sie entfernt, wenn sie nicht behalten werden.</translation>
    </message>
    <message>
        <source>What a series is good for is told once it is here.</source>
        <translation>Wofür eine Serie taugt, zeigt sich, sobald sie hier ist.</translation>
    </message>
    <message>
        <source>One at a time</source>
        <translation>Eines nach dem anderen</translation>
    </message>
    <message>
        <source>The files here hold name and number. A case made of them does not, unless you keep them.</source>
        <translation>Die Dateien hier enthalten Name und Nummer. Ein Fall daraus enthält sie nicht, wenn sie nicht behalten werden.</translation>
    </message>
    <message>
        <source>Enter fetches</source>
        <translation>Enter holt</translation>
    </message>
    <message numerus="yes">
        <source>Remove %n image(s) from this computer?</source>
        <translation>
            <numerusform>%n Bild von diesem Rechner entfernen?</numerusform>
            <numerusform>%n Bilder von diesem Rechner entfernen?</numerusform>
        </translation>
    </message>
    <message>
        <source>The archive keeps its own. Cases that were made of them stay.</source>
        <translation>Das Archiv behält die seinen. Fälle, die daraus entstanden, bleiben.</translation>
    </message>
    <message>
        <source>Previous step (Ctrl+PgUp)</source>
        <translation type="vanished">Vorheriger Schritt (Strg+Bild ↑)</translation>
    </message>
    <message>
        <source>Step {current} of {steps}</source>
        <translation>Schritt {current} von {steps}</translation>
    </message>
    <message>
        <source>Look at what the model is not sure of first</source>
        <translation>Zuerst ansehen, worin das Modell nicht sicher ist</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>Verbleibt</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>Entfernt</translation>
    </message>
    <message>
        <source>Moved</source>
        <translation>Verschoben</translation>
    </message>
    <message>
        <source>Dates and times are taken out.</source>
        <translation>Datum und Uhrzeit werden entfernt.</translation>
    </message>
    <message>
        <source>One secret number of days for each patient: intervals and times stay.</source>
        <translation>Für jeden Patienten um eine geheime Zahl von Tagen: Abstände und Uhrzeiten bleiben.</translation>
    </message>
    <message>
        <source>Dates and times stay as they are: whoever has the archive can find the scan by them.</source>
        <translation>Datum und Uhrzeit bleiben, wie sie sind: Wer das Archiv hat, findet die Aufnahme daran.</translation>
    </message>
    <message>
        <source>Keep age, sex, size and weight</source>
        <translation>Alter, Geschlecht, Größe und Gewicht behalten</translation>
    </message>
    <message>
        <source>Ages above 89 years become 90.</source>
        <translation>Ein Alter über 89 Jahren wird zu 90.</translation>
    </message>
    <message>
        <source>Keep descriptions</source>
        <translation>Beschreibungen behalten</translation>
    </message>
    <message>
        <source>Only words that are known to name nobody.</source>
        <translation>Nur Wörter, von denen bekannt ist, dass sie niemanden nennen.</translation>
    </message>
    <message>
        <source>Keep the scanner&apos;s name and number</source>
        <translation>Name und Nummer des Geräts behalten</translation>
    </message>
    <message>
        <source>The number tells which hospital it is.</source>
        <translation>Die Nummer verrät, welches Krankenhaus es ist.</translation>
    </message>
    <message>
        <source>Keep the hospital&apos;s name and address</source>
        <translation>Name und Anschrift des Krankenhauses behalten</translation>
    </message>
    <message>
        <source>Says where the person was.</source>
        <translation>Sagt, wo die Person war.</translation>
    </message>
    <message>
        <source>Keep the files&apos; own numbers</source>
        <translation>Die Nummern der Dateien behalten</translation>
    </message>
    <message>
        <source>Whoever has the archive can find the person by them.</source>
        <translation>Wer das Archiv hat, findet die Person daran.</translation>
    </message>
    <message>
        <source>Keep reports</source>
        <translation>Berichte behalten</translation>
    </message>
    <message>
        <source>Their codes and numbers, without free text.</source>
        <translation>Ihre Codes und Zahlen, ohne freien Text.</translation>
    </message>
    <message>
        <source>Keep drawn annotations</source>
        <translation>Gezeichnete Anmerkungen behalten</translation>
    </message>
    <message>
        <source>Without their words.</source>
        <translation>Ohne ihre Wörter.</translation>
    </message>
    <message>
        <source>Keep the makers&apos; own values</source>
        <translation>Eigene Werte der Hersteller behalten</translation>
    </message>
    <message>
        <source>Only those that the standard lists as safe.</source>
        <translation>Nur die, die der Standard als unbedenklich aufführt.</translation>
    </message>
    <message>
        <source>Keep pictures with words in them</source>
        <translation>Bilder mit Wörtern darin behalten</translation>
    </message>
    <message>
        <source>Names within pictures are never found: look at each.</source>
        <translation>Namen in Bildern werden nie gefunden: Sehen Sie jedes an.</translation>
    </message>
    <message>
        <source>Take the face from scans of a head</source>
        <translation>Das Gesicht aus Aufnahmen eines Kopfes entfernen</translation>
    </message>
    <message>
        <source>CT and MR; what cannot be done is left out.</source>
        <translation>CT und MR; wo es nicht geht, wird die Serie ausgelassen.</translation>
    </message>
    <message>
        <source>Writes the files anew without names, numbers and free text, by the basic profile of DICOM PS3.15 ({edition}). What is not known to name nobody is removed.</source>
        <translation>Schreibt die Dateien neu, ohne Namen, Nummern und freien Text, nach dem Grundprofil von DICOM PS3.15 ({edition}). Entfernt wird alles, von dem nicht bekannt ist, dass es niemanden nennt.</translation>
    </message>
    <message>
        <source>Choose a folder with scans</source>
        <translation>Ordner mit Aufnahmen wählen</translation>
    </message>
    <message>
        <source>Read from</source>
        <translation>Lesen aus</translation>
    </message>
    <message>
        <source>Choose where the new folder goes</source>
        <translation>Wählen, wohin der neue Ordner kommt</translation>
    </message>
    <message>
        <source>Write into</source>
        <translation>Schreiben in</translation>
    </message>
    <message>
        <source>De-identify</source>
        <translation>Anonymisieren</translation>
    </message>
    <message>
        <source>Dates</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>What may stay</source>
        <translation>Was bleiben darf</translation>
    </message>
    <message>
        <source>What is kept can point to the person. Give the files only to whom you may tell it.</source>
        <translation>Was behalten wird, kann auf die Person führen. Geben Sie die Dateien nur an die, denen Sie das sagen dürfen.</translation>
    </message>
    <message>
        <source>Not chosen</source>
        <translation type="vanished">Nicht gewählt</translation>
    </message>
    <message>
        <source>3MF, one file</source>
        <translation>3MF, eine Datei</translation>
    </message>
    <message>
        <source>STL, a file each</source>
        <translation>STL, je eine Datei</translation>
    </message>
    <message>
        <source>OBJ, one file</source>
        <translation>OBJ, eine Datei</translation>
    </message>
    <message>
        <source>PLY, a file each</source>
        <translation>PLY, je eine Datei</translation>
    </message>
    <message>
        <source>GLB, one file</source>
        <translation>GLB, eine Datei</translation>
    </message>
    <message>
        <source>USDZ, one file</source>
        <translation>USDZ, eine Datei</translation>
    </message>
    <message>
        <source>Removed by cut {n}</source>
        <translation>Entfernt durch Schnitt {n}</translation>
    </message>
    <message>
        <source>Vessels of the kept part</source>
        <translation>Gefäße des verbleibenden Teils</translation>
    </message>
    <message>
        <source>Vessels removed</source>
        <translation>Entfernte Gefäße</translation>
    </message>
    <message>
        <source>Tumours removed</source>
        <translation>Entfernte Tumoren</translation>
    </message>
    <message>
        <source>Tumours kept</source>
        <translation>Verbleibende Tumoren</translation>
    </message>
    <message>
        <source>Cut guide</source>
        <translation>Schnittschablone</translation>
    </message>
    <message>
        <source>Cut guide {number}</source>
        <translation>Schnittschablone {number}</translation>
    </message>
    <message>
        <source>Gathering the parts</source>
        <translation>Teile werden gesammelt</translation>
    </message>
    <message>
        <source>Closed, {count} of {count2} objects</source>
        <translation>Geschlossen, {count} von {count2} Objekten</translation>
    </message>
    <message>
        <source>Edges not used twice</source>
        <translation>Kanten, die nicht zweimal vorkommen</translation>
    </message>
    <message>
        <source>Every edge used twice</source>
        <translation>Jede Kante kommt zweimal vor</translation>
    </message>
    <message>
        <source>A surface cuts itself</source>
        <translation>Eine Oberfläche schneidet sich selbst</translation>
    </message>
    <message>
        <source>{part} and {more} more</source>
        <translation>{part} und {more} weitere</translation>
    </message>
    <message>
        <source>Wall thinner than {limit:g} mm</source>
        <translation>Wand dünner als {limit:g} mm</translation>
    </message>
    <message numerus="yes">
        <source>%n place(s) may break off</source>
        <translation>
            <numerusform>%n Stelle kann abbrechen</numerusform>
            <numerusform>%n Stellen können abbrechen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Thicken %n place(s)</source>
        <translation>
            <numerusform>%n Stelle verdicken</numerusform>
            <numerusform>%n Stellen verdicken</numerusform>
        </translation>
    </message>
    <message>
        <source>{part}: pieces under 0.1 ml that fall off.</source>
        <translation>{part}: Stücke unter 0,1 ml, die abfallen.</translation>
    </message>
    <message numerus="yes">
        <source>%n crumb(s)</source>
        <translation>
            <numerusform>%n Krümel</numerusform>
            <numerusform>%n Krümel</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Drop %n crumb(s)</source>
        <translation>
            <numerusform>%n Krümel weglassen</numerusform>
            <numerusform>%n Krümel weglassen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n loose part(s)</source>
        <translation>
            <numerusform>%n loses Teil</numerusform>
            <numerusform>%n lose Teile</numerusform>
        </translation>
    </message>
    <message>
        <source>{part}: {volume} not joined to the largest piece.</source>
        <translation>{part}: {volume} nicht mit dem größten Stück verbunden.</translation>
    </message>
    <message numerus="yes">
        <source>Drop %n loose part(s)</source>
        <translation>
            <numerusform>%n loses Teil weglassen</numerusform>
            <numerusform>%n lose Teile weglassen</numerusform>
        </translation>
    </message>
    <message>
        <source>Trapped hollow</source>
        <translation>Eingeschlossener Hohlraum</translation>
    </message>
    <message>
        <source>{part}: {volume} cannot get out.</source>
        <translation>{part}: {volume} können nicht heraus.</translation>
    </message>
    <message>
        <source>Add drain holes</source>
        <translation>Ablauflöcher setzen</translation>
    </message>
    <message>
        <source>Fill hollows</source>
        <translation>Hohlräume füllen</translation>
    </message>
    <message>
        <source>{part}: {volume} have no way out that is wide enough.</source>
        <translation>{part}: {volume} haben keinen Ausgang, der weit genug ist.</translation>
    </message>
    <message>
        <source>Narrow way out</source>
        <translation>Enger Ausgang</translation>
    </message>
    <message>
        <source>{part}: the surface is open.</source>
        <translation>{part}: Die Oberfläche ist offen.</translation>
    </message>
    <message numerus="yes">
        <source>%n hole(s)</source>
        <translation>
            <numerusform>%n Loch</numerusform>
            <numerusform>%n Löcher</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Fill %n hole(s)</source>
        <translation>
            <numerusform>%n Loch schließen</numerusform>
            <numerusform>%n Löcher schließen</numerusform>
        </translation>
    </message>
    <message>
        <source>{part}: its triangles do not fit together.</source>
        <translation>{part}: Die Dreiecke passen nicht zusammen.</translation>
    </message>
    <message>
        <source>Mend the surface</source>
        <translation>Oberfläche reparieren</translation>
    </message>
    <message>
        <source>{part}: a slicer may fill it wrongly.</source>
        <translation>{part}: Ein Slicer kann es falsch füllen.</translation>
    </message>
    <message>
        <source>Make one solid</source>
        <translation>Zu einem Körper vereinen</translation>
    </message>
    <message>
        <source> and </source>
        <translation> und </translation>
    </message>
    <message>
        <source> and {more} more</source>
        <translation> und {more} weitere</translation>
    </message>
    <message>
        <source>Parts stand in each other</source>
        <translation>Teile stehen ineinander</translation>
    </message>
    <message>
        <source>{pair}{more}: the slicer decides which one is printed there.</source>
        <translation>{pair}{more}: Der Slicer entscheidet, welches dort gedruckt wird.</translation>
    </message>
    <message>
        <source>Make room inside</source>
        <translation>Innen Platz schaffen</translation>
    </message>
    <message>
        <source>{pair}{more}: {value} apart; they may grow together.</source>
        <translation>{pair}{more}: {value} Abstand; sie können verwachsen.</translation>
    </message>
    <message>
        <source>Parts lie close</source>
        <translation>Teile liegen eng</translation>
    </message>
    <message>
        <source>Turn to fit</source>
        <translation>Passend drehen</translation>
    </message>
    <message>
        <source>{part} fits only when it is turned.</source>
        <translation>{part} passt nur gedreht.</translation>
    </message>
    <message>
        <source>Cut to fit</source>
        <translation>Passend zerschneiden</translation>
    </message>
    <message>
        <source>{part} is larger than the printer&apos;s space.</source>
        <translation>{part} ist größer als der Bauraum.</translation>
    </message>
    <message>
        <source>{over} mm too long</source>
        <translation>{over} mm zu lang</translation>
    </message>
    <message>
        <source>Scale to {percent} %</source>
        <translation>Auf {percent} % verkleinern</translation>
    </message>
    <message>
        <source>Its gap is not the one asked for; the peg may not fit.</source>
        <translation>Das Spiel ist nicht das gewünschte; der Zapfen passt vielleicht nicht.</translation>
    </message>
    <message numerus="yes">
        <source>%n peg(s)</source>
        <translation>
            <numerusform>%n Zapfen</numerusform>
            <numerusform>%n Zapfen</numerusform>
        </translation>
    </message>
    <message>
        <source>No surface cuts itself</source>
        <translation>Keine Oberfläche schneidet sich selbst</translation>
    </message>
    <message>
        <source>Thinnest wall</source>
        <translation>Dünnste Wand</translation>
    </message>
    <message>
        <source>Closed hollows, nothing to let out</source>
        <translation>Geschlossene Hohlräume, nichts abzulassen</translation>
    </message>
    <message>
        <source>No trapped hollow</source>
        <translation>Kein eingeschlossener Hohlraum</translation>
    </message>
    <message>
        <source>No loose part</source>
        <translation>Kein loses Teil</translation>
    </message>
    <message>
        <source>Loose parts</source>
        <translation>Lose Teile</translation>
    </message>
    <message>
        <source>Parts stand free of each other</source>
        <translation>Teile stehen frei voneinander</translation>
    </message>
    <message>
        <source>{mean_mm:.2f} mm mean, {largest_mm:.2f} mm largest</source>
        <translation>{mean_mm:.2f} mm im Mittel, {largest_mm:.2f} mm höchstens</translation>
    </message>
    <message>
        <source>Pegs, gap on each side</source>
        <translation>Zapfen, Spalt je Seite</translation>
    </message>
    <message>
        <source>Largest part</source>
        <translation>Größtes Teil</translation>
    </message>
    <message>
        <source>Fits the plate</source>
        <translation>Passt auf die Platte</translation>
    </message>
    <message>
        <source>Too large</source>
        <translation>Zu groß</translation>
    </message>
    <message>
        <source>{mean_mm:.2f}&#x202f;mm mean, {largest_mm:.2f}&#x202f;mm largest</source>
        <translation type="vanished">{mean_mm:.2f}&#x202f;mm im Mittel, {largest_mm:.2f}&#x202f;mm höchstens</translation>
    </message>
    <message>
        <source>Slot</source>
        <translation>Schlitz</translation>
    </message>
    <message>
        <source>Gap to the liver</source>
        <translation>Spalt zur Leber</translation>
    </message>
    <message>
        <source>Thickness</source>
        <translation>Dicke</translation>
    </message>
    <message>
        <source>Width on each side</source>
        <translation>Breite je Seite</translation>
    </message>
    <message>
        <source>look here</source>
        <translation>hier hinsehen</translation>
    </message>
    <message>
        <source>not met</source>
        <translation>nicht erfüllt</translation>
    </message>
    <message>
        <source>met</source>
        <translation>erfüllt</translation>
    </message>
    <message>
        <source>accepted as it is</source>
        <translation>so übernommen</translation>
    </message>
    <message>
        <source>Material</source>
        <translation>Material</translation>
    </message>
    <message>
        <source>Printing</source>
        <translation>Druckzeit</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>about {minutes} min</source>
        <translation>etwa {minutes} min</translation>
    </message>
    <message>
        <source>about {hours} h</source>
        <translation>etwa {hours} h</translation>
    </message>
    <message>
        <source>about {hours} h {minutes} min</source>
        <translation>etwa {hours} h {minutes} min</translation>
    </message>
    <message>
        <source>about {cost} {currency}</source>
        <translation>etwa {cost} {currency}</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>A rough guess. {source}</source>
        <translation>Grobe Schätzung. {source}</translation>
    </message>
    <message>
        <source>From plans</source>
        <translation>Aus Plänen</translation>
    </message>
    <message>
        <source>All parts</source>
        <translation>Alle Teile</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Parts of plans</source>
        <translation>Teile von Plänen</translation>
    </message>
    <message>
        <source>Nothing segmented yet.</source>
        <translation>Noch nichts segmentiert.</translation>
    </message>
    <message>
        <source>{name}: {words}</source>
        <translation>{name}: {words}</translation>
    </message>
    <message>
        <source>It stands on the base plate: tick that first</source>
        <translation>Sie steht auf der Grundplatte: diese zuerst ankreuzen</translation>
    </message>
    <message>
        <source>Nothing is cut that pegs could join</source>
        <translation>Es ist nichts geschnitten, was Zapfen verbinden könnten</translation>
    </message>
    <message>
        <source>With scale bar, R and L</source>
        <translation>Mit Maßstab, R und L</translation>
    </message>
    <message>
        <source>R and L marks</source>
        <translation>Marken R und L</translation>
    </message>
    <message>
        <source>Engraved in the largest part</source>
        <translation>In das größte Teil graviert</translation>
    </message>
    <message>
        <source>Label on the base</source>
        <translation>Schrift auf der Platte</translation>
    </message>
    <message>
        <source>Tick at the left what shall be printed.</source>
        <translation>Links ankreuzen, was gedruckt werden soll.</translation>
    </message>
    <message numerus="yes">
        <source>%n part(s)</source>
        <translation>
            <numerusform>%n Teil</numerusform>
            <numerusform>%n Teile</numerusform>
        </translation>
    </message>
    <message>
        <source>Chosen</source>
        <translation>Gewählt</translation>
    </message>
    <message>
        <source>part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>parts</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>Ticked first: the plan&apos;s kept and removed part with its vessels and tumours.</source>
        <translation>Zuerst angekreuzt: der bleibende und der entfernte Teil des Plans mit Gefäßen und Tumoren.</translation>
    </message>
    <message>
        <source>Without a plan whole structures are printed. A liver plan adds its kept and removed part.</source>
        <translation>Ohne Plan werden ganze Strukturen gedruckt. Ein Leberplan fügt den bleibenden und den entfernten Teil hinzu.</translation>
    </message>
    <message>
        <source>{words}, plan {name}</source>
        <translation type="vanished">{words}, Plan {name}</translation>
    </message>
    <message>
        <source>Fewer</source>
        <translation>Weniger</translation>
    </message>
    <message>
        <source>From plan {name}</source>
        <translation>Aus Plan {name}</translation>
    </message>
    <message>
        <source>It has no voxels</source>
        <translation>Hat keine Voxel</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Earlier day</source>
        <translation>Früherer Tag</translation>
    </message>
    <message>
        <source>Later day</source>
        <translation>Späterer Tag</translation>
    </message>
    <message>
        <source>Recipient’s weight</source>
        <translation>Gewicht des Empfängers</translation>
    </message>
    <message>
        <source>Graft for each ml</source>
        <translation>Transplantat je ml</translation>
    </message>
    <message>
        <source>Graft for each ml of CT</source>
        <translation>Transplantat je ml im CT</translation>
    </message>
    <message>
        <source>Growth since an earlier study</source>
        <translation>Wachstum seit einer früheren Untersuchung</translation>
    </message>
    <message>
        <source>Earlier study</source>
        <translation>Frühere Untersuchung</translation>
    </message>
    <message>
        <source>Living donor</source>
        <translation>Lebendspende</translation>
    </message>
    <message>
        <source>Graft</source>
        <translation>Transplantat</translation>
    </message>
    <message>
        <source>Graft / recipient</source>
        <translation>Transplantat / Empfänger</translation>
    </message>
    <message>
        <source>The donor keeps</source>
        <translation>Dem Spender bleiben</translation>
    </message>
    <message>
        <source>Tick a part first</source>
        <translation>Zuerst ein Teil ankreuzen</translation>
    </message>
    <message>
        <source>Tick as at first</source>
        <translation>Wie zuerst ankreuzen</translation>
    </message>
    <message>
        <source>Next: shape</source>
        <translation>Weiter: Form</translation>
    </message>
    <message>
        <source>Space ticks · Enter goes on</source>
        <translation>Leertaste kreuzt an · Enter geht weiter</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>Inside</source>
        <translation>Innen</translation>
    </message>
    <message>
        <source>Solid</source>
        <translation>Massiv</translation>
    </message>
    <message>
        <source>Hollow</source>
        <translation>Hohl</translation>
    </message>
    <message>
        <source>Wall</source>
        <translation>Wand</translation>
    </message>
    <message>
        <source>Give</source>
        <translation>Zuordnen</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>Schnitt</translation>
    </message>
    <message>
        <source>End a vessel here</source>
        <translation>Ein Gefäß hier enden lassen</translation>
    </message>
    <message>
        <source>Join</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>Join two pieces</source>
        <translation>Zwei Stücke verbinden</translation>
    </message>
    <message>
        <source>Where a tree&apos;s blood comes in or goes out</source>
        <translation>Wo das Blut eines Baums ein- oder austritt</translation>
    </message>
    <message>
        <source>Show where: {name}</source>
        <translation>Zeigen, wo: {name}</translation>
    </message>
    <message>
        <source>Take this correction back; those after it hold on</source>
        <translation>Diese Korrektur zurücknehmen; spätere gelten weiter</translation>
    </message>
    <message>
        <source>Delete: {name}</source>
        <translation>Löschen: {name}</translation>
    </message>
    <message>
        <source>Not cut</source>
        <translation>Ungeteilt</translation>
    </message>
    <message>
        <source>Pegs and sockets</source>
        <translation>Zapfen und Löcher</translation>
    </message>
    <message>
        <source>Two of unequal size join the halves one way, 0.3&#x202f;mm apart on each side</source>
        <translation type="vanished">Zwei ungleich große fügen die Hälften eindeutig zusammen, 0,3&#x202f;mm Spalt je Seite</translation>
    </message>
    <message>
        <source>Base plate</source>
        <translation>Bodenplatte</translation>
    </message>
    <message>
        <source>A plate under the largest part, joined to it</source>
        <translation type="vanished">Eine Platte unter dem größten Teil, mit ihm verbunden</translation>
    </message>
    <message>
        <source>Printer&apos;s space</source>
        <translation type="vanished">Druckraum</translation>
    </message>
    <message>
        <source>Fineness</source>
        <translation>Feinheit</translation>
    </message>
    <message>
        <source>For research and teaching only. The wing with the hole lies on the part that is removed.</source>
        <translation>Nur für Forschung und Lehre. Der Flügel mit dem Loch liegt auf dem Teil, der entfernt wird.</translation>
    </message>
    <message>
        <source>Printer and file</source>
        <translation type="vanished">Drucker und Datei</translation>
    </message>
    <message>
        <source>Surface to</source>
        <translation>Oberfläche auf</translation>
    </message>
    <message>
        <source>By cut {n} of plan {name}</source>
        <translation>Nach Schnitt {n} von Plan {name}</translation>
    </message>
    <message>
        <source>solid</source>
        <translation>massiv</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>Cut and joined</source>
        <translation>Geschnitten und verbunden</translation>
    </message>
    <message>
        <source>Base and marks</source>
        <translation>Platte und Marken</translation>
    </message>
    <message>
        <source>Of life size; walls, pegs and gaps stay as they are</source>
        <translation>Der wahren Größe; Wände, Zapfen und Spiel bleiben, wie sie sind</translation>
    </message>
    <message>
        <source>Drain holes</source>
        <translation>Ablauflöcher</translation>
    </message>
    <message>
        <source>Filled, as a cast</source>
        <translation>Gefüllt, als Ausguss</translation>
    </message>
    <message>
        <source>Walls, open at the ends</source>
        <translation>Wände, an den Enden offen</translation>
    </message>
    <message>
        <source>Vessel wall</source>
        <translation>Gefäßwand</translation>
    </message>
    <message>
        <source>Organs seen through, with room inside</source>
        <translation>Organe durchsichtig, innen mit Platz</translation>
    </message>
    <message>
        <source>What lies in an organ is cut out of it</source>
        <translation>Was in einem Organ liegt, wird aus ihm ausgespart</translation>
    </message>
    <message>
        <source>Gap on each side</source>
        <translation>Spiel je Seite</translation>
    </message>
    <message>
        <source>Base plate with scale bar</source>
        <translation>Grundplatte mit Maßstab</translation>
    </message>
    <message>
        <source>Under the largest part, joined to it</source>
        <translation>Unter dem größten Teil, mit ihm verbunden</translation>
    </message>
    <message>
        <source>Never a patient&apos;s name or number</source>
        <translation>Nie Name oder Nummer eines Patienten</translation>
    </message>
    <message>
        <source>Turn for least supports</source>
        <translation>Drehen für wenig Stützen</translation>
    </message>
    <message>
        <source>Side by side on plates</source>
        <translation>Nebeneinander auf Platten</translation>
    </message>
    <message>
        <source>Cut what is too large</source>
        <translation>Zu Großes zerschneiden</translation>
    </message>
    <message>
        <source>wall {hollow_mm}</source>
        <translation>Wand {hollow_mm}</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>Maßstab</translation>
    </message>
    <message>
        <source>true size</source>
        <translation>Originalgröße</translation>
    </message>
    <message>
        <source>smaller than life</source>
        <translation>verkleinert</translation>
    </message>
    <message>
        <source>larger than life</source>
        <translation>vergrößert</translation>
    </message>
    <message>
        <source>Filament leaves nothing in a hollow</source>
        <translation>Filament lässt nichts im Hohlraum zurück</translation>
    </message>
    <message>
        <source>By plan {name}</source>
        <translation>Nach Plan {name}</translation>
    </message>
    <message>
        <source>Ticked structures along plan {name}</source>
        <translation>Angekreuzte Strukturen entlang Plan {name}</translation>
    </message>
    <message>
        <source>Check model</source>
        <translation>Modell prüfen</translation>
    </message>
    <message>
        <source>Enter checks</source>
        <translation>Enter prüft</translation>
    </message>
    <message>
        <source>Back: parts</source>
        <translation>Zurück: Teile</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Proof: draft file read back</source>
        <translation>Beweis: Probedatei zurückgelesen</translation>
    </message>
    <message>
        <source>all met</source>
        <translation>alles erfüllt</translation>
    </message>
    <message>
        <source>{count} to look at</source>
        <translation>{count} anzusehen</translation>
    </message>
    <message>
        <source>Measuring again…</source>
        <translation>Wird neu gemessen …</translation>
    </message>
    <message>
        <source>Meshing, writing a draft, reading it back…</source>
        <translation>Netze, Probedatei und Rücklesen …</translation>
    </message>
    <message>
        <source>The model was not checked yet.</source>
        <translation>Das Modell wurde noch nicht geprüft.</translation>
    </message>
    <message>
        <source>{words} Accepted as it is.</source>
        <translation>{words} So übernommen.</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Not accepted</source>
        <translation>Nicht übernommen</translation>
    </message>
    <message>
        <source>PgDn next place · Enter accepts</source>
        <translation>Bild ab nächste Stelle · Enter übernimmt</translation>
    </message>
    <message>
        <source>PgDn next place · Enter repairs</source>
        <translation>Bild ab nächste Stelle · Enter repariert</translation>
    </message>
    <message>
        <source>Mean deviation</source>
        <translation>Mittlere Abweichung</translation>
    </message>
    <message>
        <source>Largest deviation</source>
        <translation>Größte Abweichung</translation>
    </message>
    <message>
        <source>Dice, {part}</source>
        <translation>Dice, {part}</translation>
    </message>
    <message>
        <source>Volume, {part}</source>
        <translation>Volumen, {part}</translation>
    </message>
    <message>
        <source>Wall thinner than {limit:g}&#x202f;mm</source>
        <translation type="vanished">Wand dünner als {limit:g} mm</translation>
    </message>
    <message>
        <source>Volume, {lower}</source>
        <translation type="vanished">Volumen, {lower}</translation>
    </message>
    <message>
        <source> and {thin} more</source>
        <translation type="vanished"> und {thin} weitere</translation>
    </message>
    <message>
        <source>{part}{more}: 1 % of the wall is thinner than {value}; it may break off.</source>
        <translation type="vanished">{part}{more}: 1 % der Wand ist dünner als {value}; sie kann abbrechen.</translation>
    </message>
    <message>
        <source>Wall thinner than {LEAST_WALL_MM:g}&#x202f;mm</source>
        <translation type="vanished">Wand dünner als {LEAST_WALL_MM:g}&#x202f;mm</translation>
    </message>
    <message>
        <source>Too large for the plate</source>
        <translation type="vanished">Zu groß für die Platte</translation>
    </message>
    <message>
        <source>{part} is {size} mm.</source>
        <translation type="vanished">{part} misst {size} mm.</translation>
    </message>
    <message>
        <source>Not one closed solid</source>
        <translation>Kein geschlossener Körper</translation>
    </message>
    <message>
        <source>{part}: look at it in the slicer.</source>
        <translation type="vanished">{part}: im Slicer ansehen.</translation>
    </message>
    <message>
        <source>Back: shape</source>
        <translation>Zurück: Form</translation>
    </message>
    <message>
        <source>Plate {page} of {pages}</source>
        <translation>Platte {page} von {pages}</translation>
    </message>
    <message>
        <source>Preview: not checked yet</source>
        <translation>Vorschau: noch nicht geprüft</translation>
    </message>
    <message>
        <source>Meshing the parts</source>
        <translation>Teile werden vernetzt</translation>
    </message>
    <message>
        <source>{size} mm on the plate</source>
        <translation>{size} mm auf der Platte</translation>
    </message>
    <message>
        <source>{size} mm on the plate, scale {percent} %</source>
        <translation>{size} mm auf der Platte, Maßstab {percent} %</translation>
    </message>
    <message>
        <source>Nothing is chosen to print.</source>
        <translation>Es ist nichts zum Drucken gewählt.</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>Wird gemessen</translation>
    </message>
    <message>
        <source>Nothing is to be looked at.</source>
        <translation>Es gibt nichts anzusehen.</translation>
    </message>
    <message>
        <source>Place {number} of {count}</source>
        <translation>Stelle {number} von {count}</translation>
    </message>
    <message>
        <source>Cutting the place</source>
        <translation>Stelle wird geschnitten</translation>
    </message>
    <message>
        <source>{limit:g} mm least</source>
        <translation>mindestens {limit:g} mm</translation>
    </message>
    <message>
        <source>after thickening: {value}</source>
        <translation>nach dem Verdicken: {value}</translation>
    </message>
    <message>
        <source>Accept as is</source>
        <translation>So übernehmen</translation>
    </message>
    <message>
        <source>Accept model</source>
        <translation>Modell übernehmen</translation>
    </message>
    <message>
        <source>Clamp</source>
        <translation>Klemme</translation>
    </message>
    <message>
        <source>Clamped branches</source>
        <translation>Geklemmte Äste</translation>
    </message>
    <message>
        <source>As proposed</source>
        <translation>Wie vorgeschlagen</translation>
    </message>
    <message>
        <source>A voxel belongs to the branch whose centreline is nearest. Proposed is each branch that feeds at least 2{THIN_SPACE}% of a tumour that is cut, with its margin.</source>
        <translation>Ein Voxel gehört zu dem Ast, dessen Mittellinie am nächsten ist. Vorgeschlagen ist jeder Ast, der mindestens 2{THIN_SPACE}% eines zu entfernenden Tumors samt Rand versorgt.</translation>
    </message>
    <message>
        <source>{words}. Choose it in step 1.</source>
        <translation>{words}. In Schritt 1 wählen.</translation>
    </message>
    <message>
        <source>Kept without blood</source>
        <translation>Verbleibt ohne Blut</translation>
    </message>
    <message>
        <source>{percent:.0f}&#x202f;% of what is kept</source>
        <translation>{percent:.0f}&#x202f;% des Verbleibenden</translation>
    </message>
    <message>
        <source>Kept without blood while clamped</source>
        <translation>Verbleibt ohne Blut, solange geklemmt</translation>
    </message>
    <message>
        <source>Of T{id} with {asked_mm:g}{THIN_SPACE}mm</source>
        <translation>Von T{id} mit {asked_mm:g}{THIN_SPACE}mm</translation>
    </message>
    <message>
        <source>Behind the clamps, with tumour</source>
        <translation>Hinter den Klemmen, mit Tumor</translation>
    </message>
    <message>
        <source>Kept parenchyma, main clamp</source>
        <translation>Verbleibendes Parenchym, Hauptklemme</translation>
    </message>
    <message>
        <source>It would bleed</source>
        <translation>Es würde bluten</translation>
    </message>
    <message>
        <source>Other branches feed part of {join} and the margin.</source>
        <translation>Andere Äste versorgen einen Teil von {join} und dem Rand.</translation>
    </message>
    <message>
        <source>Nothing is clamped</source>
        <translation>Nichts ist geklemmt</translation>
    </message>
    <message>
        <source>Tick a branch.</source>
        <translation>Einen Ast ankreuzen.</translation>
    </message>
    <message>
        <source>Accept clamps</source>
        <translation>Klemmen übernehmen</translation>
    </message>
    <message>
        <source>Go on without</source>
        <translation>Ohne weiter</translation>
    </message>
    <message>
        <source>Enter accepts</source>
        <translation>Enter übernimmt</translation>
    </message>
    <message>
        <source>Write file</source>
        <translation>Datei schreiben</translation>
    </message>
    <message>
        <source>Digital step only. The printer adds its own error, about 0.3&#x202f;mm.</source>
        <translation type="vanished">Nur der digitale Schritt. Der Drucker fügt seinen eigenen Fehler hinzu, etwa 0,3&#x202f;mm.</translation>
    </message>
    <message>
        <source>Millimetres, names and colours; what slicers read best.</source>
        <translation>Millimeter, Namen und Farben; das lesen Slicer am besten.</translation>
    </message>
    <message>
        <source>Millimetres of the scan; names, unit and colours stand in a text beside it.</source>
        <translation>Millimeter des Scans; Namen, Einheit und Farben stehen in einem Text daneben.</translation>
    </message>
    <message>
        <source>Millimetres of the scan, with colours.</source>
        <translation>Millimeter des Scans, mit Farben.</translation>
    </message>
    <message>
        <source>Metres, for viewers and headsets.</source>
        <translation>Meter, für Betrachter und Brillen.</translation>
    </message>
    <message>
        <source>Metres, for phones and headsets.</source>
        <translation>Meter, für Telefone und Brillen.</translation>
    </message>
    <message>
        <source>Digital step only. The printer adds its own error, about 0.3 mm.</source>
        <translation>Nur der digitale Schritt. Der Drucker fügt seinen eigenen Fehler hinzu, etwa 0,3 mm.</translation>
    </message>
    <message>
        <source>To write</source>
        <translation>Zu schreiben</translation>
    </message>
    <message>
        <source>file</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>Objekte</translation>
    </message>
    <message>
        <source>Triangles</source>
        <translation>Dreiecke</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volumen</translation>
    </message>
    <message>
        <source>Accepted as is</source>
        <translation>So übernommen</translation>
    </message>
    <message>
        <source>Measuring again</source>
        <translation>Neue Messung</translation>
    </message>
    <message>
        <source>A draft in this format is written and read back.</source>
        <translation>Ein Entwurf in diesem Format wird geschrieben und zurückgelesen.</translation>
    </message>
    <message>
        <source> and {written} more</source>
        <translation> und {written} weitere</translation>
    </message>
    <message>
        <source>Read back and compared: {words}.</source>
        <translation>Zurückgelesen und verglichen: {words}.</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) of this name are there already. Replace them?</source>
        <translation>
            <numerusform>%n Datei dieses Namens gibt es schon. Ersetzen?</numerusform>
            <numerusform>%n Dateien dieser Namen gibt es schon. Ersetzen?</numerusform>
        </translation>
    </message>
    <message>
        <source>Folder (*)</source>
        <translation>Ordner (*)</translation>
    </message>
    <message>
        <source>Drawing pictures for the operating room</source>
        <translation>Bilder für den Operationssaal werden gezeichnet</translation>
    </message>
    <message>
        <source>{count} views and a page for the theatre’s screen, without the patient’s name.</source>
        <translation>{count} Ansichten und eine Seite für den Bildschirm im Saal, ohne den Namen des Patienten.</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Pictures of plan {plan}</source>
        <translation>Bilder von Plan {plan}</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Wird geschrieben</translation>
    </message>
    <message>
        <source>Enter writes</source>
        <translation>Enter schreibt</translation>
    </message>
    <message>
        <source>Back: check</source>
        <translation>Zurück: Prüfen</translation>
    </message>
    <message>
        <source>Known once the model is checked</source>
        <translation>Bekannt, sobald das Modell geprüft ist</translation>
    </message>
    <message>
        <source>Choose a printer first</source>
        <translation>Zuerst einen Drucker wählen</translation>
    </message>
    <message>
        <source>Checking the model</source>
        <translation>Modell wird geprüft</translation>
    </message>
    <message>
        <source>Not kept: this case is open to read</source>
        <translation>Nicht behalten: Dieser Fall ist nur zum Lesen offen</translation>
    </message>
    <message>
        <source>Writing the model</source>
        <translation>Modell wird geschrieben</translation>
    </message>
    <message>
        <source>Zone</source>
        <translation>Zone</translation>
    </message>
    <message>
        <source>Ways of the needle</source>
        <translation>Wege der Nadel</translation>
    </message>
    <message>
        <source>Place the entry by hand</source>
        <translation>Den Eintritt von Hand setzen</translation>
    </message>
    <message>
        <source>T{id} is too wide for one zone</source>
        <translation>T{id} ist für eine Zone zu breit</translation>
    </message>
    <message>
        <source>With {asked_mm} all round it needs {needed}.</source>
        <translation>Mit {asked_mm} ringsum braucht er {needed}.</translation>
    </message>
    <message>
        <source>Ways keep clear of structures that a model is not sure of</source>
        <translation>Die Wege meiden Strukturen, bei denen ein Modell nicht sicher ist</translation>
    </message>
    <message>
        <source>Look at them first and use them or not (Segment, Find by a model): {names}.</source>
        <translation>Zuerst ansehen und nutzen oder nicht (Segmentieren, Mit einem Modell finden): {names}.</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>Von Hand</translation>
    </message>
    <message>
        <source>Finding ways for the needle</source>
        <translation>Wege für die Nadel werden gesucht</translation>
    </message>
    <message>
        <source>Finding ways for the needle…</source>
        <translation>Wege für die Nadel werden gesucht …</translation>
    </message>
    <message>
        <source>Way {number}</source>
        <translation>Weg {number}</translation>
    </message>
    <message>
        <source>{least_mm} from {lower}</source>
        <translation>{least_mm} von {lower}</translation>
    </message>
    <message>
        <source>Nothing near it</source>
        <translation>Nichts in der Nähe</translation>
    </message>
    <message>
        <source>Finding ways</source>
        <translation>Wege suchen</translation>
    </message>
    <message>
        <source>Place the entry first</source>
        <translation>Zuerst den Eintritt setzen</translation>
    </message>
    <message>
        <source>Place the zone</source>
        <translation>Zone setzen</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Übernommen</translation>
    </message>
    <message>
        <source>millimetres</source>
        <translation>Millimeter</translation>
    </message>
    <message>
        <source>square millimetres</source>
        <translation>Quadratmillimeter</translation>
    </message>
    <message>
        <source>cubic millimetres</source>
        <translation>Kubikmillimeter</translation>
    </message>
    <message>
        <source>millilitres</source>
        <translation>Milliliter</translation>
    </message>
    <message>
        <source>percent</source>
        <translation>Prozent</translation>
    </message>
    <message>
        <source>degrees</source>
        <translation>Grad</translation>
    </message>
    <message>
        <source>Hounsfield units</source>
        <translation>Hounsfield-Einheiten</translation>
    </message>
    <message>
        <source>plus minus {plus_minus}</source>
        <translation>plus minus {plus_minus}</translation>
    </message>
    <message>
        <source>Type a number in {unit}</source>
        <translation>Eine Zahl in {unit} eingeben</translation>
    </message>
    <message>
        <source>Type a number</source>
        <translation>Eine Zahl eingeben</translation>
    </message>
    <message>
        <source>{low:g} to {high:g} {unit} are possible</source>
        <translation>{low:g} bis {high:g} {unit} sind möglich</translation>
    </message>
    <message>
        <source>PDF (*.pdf);;Web page (*.html);;Table, CSV (*.csv)</source>
        <translation>PDF (*.pdf);;Webseite (*.html);;Tabelle, CSV (*.csv)</translation>
    </message>
    <message>
        <source>Plans in the report</source>
        <translation>Pläne im Bericht</translation>
    </message>
    <message>
        <source>No plan yet.</source>
        <translation>Noch kein Plan.</translation>
    </message>
    <message>
        <source>Least remnant</source>
        <translation>Mindestrest</translation>
    </message>
    <message>
        <source>Body weight</source>
        <translation>Körpergewicht</translation>
    </message>
    <message>
        <source>Body height</source>
        <translation>Körpergröße</translation>
    </message>
    <message>
        <source>Remnant</source>
        <translation>Rest</translation>
    </message>
    <message>
        <source>Viable remnant</source>
        <translation>Funktionelles Restvolumen</translation>
    </message>
    <message>
        <source>Needs both vessel trees</source>
        <translation>Braucht beide Gefäßbäume</translation>
    </message>
    <message>
        <source>Future liver remnant</source>
        <translation>Restlebervolumen (FLR)</translation>
    </message>
    <message>
        <source>The liver is tumour throughout</source>
        <translation>Die Leber ist ganz Tumor</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>{title}, port {port}</source>
        <translation>{title}, Port {port}</translation>
    </message>
    <message>
        <source>Look at these before you sign</source>
        <translation>Vor dem Unterschreiben ansehen</translation>
    </message>
    <message numerus="yes">
        <source>%n more plan(s) in the report.</source>
        <translation>
            <numerusform>%n weiterer Plan im Bericht.</numerusform>
            <numerusform>%n weitere Pläne im Bericht.</numerusform>
        </translation>
    </message>
    <message>
        <source>Name and number stand on the report</source>
        <translation>Name und Nummer stehen auf dem Bericht</translation>
    </message>
    <message>
        <source>They were kept on import. Whoever gets the report can read them.</source>
        <translation>Sie wurden beim Import behalten. Wer den Bericht bekommt, kann sie lesen.</translation>
    </message>
    <message>
        <source>Every number must be checked by a physician.</source>
        <translation>Jede Zahl muss von einem Arzt geprüft werden.</translation>
    </message>
    <message>
        <source>Start TAVR</source>
        <translation>TAVR beginnen</translation>
    </message>
    <message>
        <source>Start liver</source>
        <translation>Leber beginnen</translation>
    </message>
    <message>
        <source>Writing the report</source>
        <translation>Bericht wird geschrieben</translation>
    </message>
    <message>
        <source>Choose a plan first</source>
        <translation>Zuerst einen Plan wählen</translation>
    </message>
    <message>
        <source>Writing results as DICOM</source>
        <translation>Ergebnisse werden als DICOM geschrieben</translation>
    </message>
    <message>
        <source>The report shows the slice that proves each letter, the clamps, and what the cut leaves.</source>
        <translation>Der Bericht zeigt die Schicht, die jeden Buchstaben belegt, die Klemmen und was der Schnitt lässt.</translation>
    </message>
    <message>
        <source>Kidney plans in this case</source>
        <translation>Nierenpläne in diesem Fall</translation>
    </message>
    <message>
        <source>score and least margin of each</source>
        <translation>Score und kleinster Resektionsrand von jedem</translation>
    </message>
    <message>
        <source>Plan {value}</source>
        <translation>Plan {value}</translation>
    </message>
    <message>
        <source>no cut</source>
        <translation>kein Schnitt</translation>
    </message>
    <message>
        <source>A letter is not known</source>
        <translation>Ein Buchstabe ist nicht bekannt</translation>
    </message>
    <message>
        <source>Write report</source>
        <translation>Bericht schreiben</translation>
    </message>
    <message>
        <source>Enter goes to the report</source>
        <translation>Enter geht zum Bericht</translation>
    </message>
    <message>
        <source>Body size</source>
        <translation>Körpermaße</translation>
    </message>
    <message>
        <source>Writing report</source>
        <translation>Bericht wird geschrieben</translation>
    </message>
    <message>
        <source>{upper}{words} kept. Undo takes it back.</source>
        <translation>{upper}{words} übernommen. Rückgängig nimmt es zurück.</translation>
    </message>
    <message>
        <source>Meshing the preview</source>
        <translation>Vorschau wird vernetzt</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>The last {mark_word} was taken back.</source>
        <translation>Die letzte Eingabe ({mark_word}) wurde zurückgenommen.</translation>
    </message>
    <message>
        <source>Find {lower} by clicks</source>
        <translation type="vanished">{lower} durch Klicks finden</translation>
    </message>
    <message>
        <source>Label maps (*.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.dcm);;All files (*)</source>
        <translation>Labelkarten (*.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.dcm);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>What the next click means</source>
        <translation>Was der nächste Klick bedeutet</translation>
    </message>
    <message>
        <source>The next click means: {words}</source>
        <translation>Der nächste Klick bedeutet: {words}</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>Imported from an nnU-Net folder</source>
        <translation>Importiert aus einem nnU-Net-Ordner</translation>
    </message>
    <message>
        <source>Imported from TotalSegmentator weights</source>
        <translation>Importiert aus TotalSegmentator-Gewichten</translation>
    </message>
    <message>
        <source>Imported from a MONAI bundle</source>
        <translation>Importiert aus einem MONAI-Bundle</translation>
    </message>
    <message>
        <source>Imported from Auto3DSeg</source>
        <translation>Importiert aus Auto3DSeg</translation>
    </message>
    <message>
        <source>Imported from ONNX</source>
        <translation>Importiert aus ONNX</translation>
    </message>
    <message>
        <source>Imported from an nnInteractive folder</source>
        <translation>Importiert aus einem nnInteractive-Ordner</translation>
    </message>
    <message>
        <source>Imported from an exported program&apos;s weights</source>
        <translation>Importiert aus den Gewichten eines exportierten Programms</translation>
    </message>
    <message>
        <source>Added from a Theatrum model folder</source>
        <translation>Aus einem Theatrum-Modellordner hinzugefügt</translation>
    </message>
    <message>
        <source>Checked on</source>
        <translation>Geprüft an</translation>
    </message>
    <message>
        <source>Dice</source>
        <translation>Dice</translation>
    </message>
    <message>
        <source>cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>{name} on {value}, {cases} cases, Dice {dice}</source>
        <translation>{name} an {value}, {cases} Fälle, Dice {dice}</translation>
    </message>
    <message>
        <source>no set</source>
        <translation>kein Datensatz</translation>
    </message>
    <message>
        <source>Not checked on any case</source>
        <translation>An keinem Fall geprüft</translation>
    </message>
    <message>
        <source>Read it</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <source>Non-commercial licence</source>
        <translation>Nichtkommerzielle Lizenz</translation>
    </message>
    <message>
        <source>Licence not known</source>
        <translation>Lizenz nicht bekannt</translation>
    </message>
    <message>
        <source>Its licence is not stated</source>
        <translation>Ihre Lizenz ist nicht angegeben</translation>
    </message>
    <message>
        <source>{name}: not for paid care, products or services.</source>
        <translation>{name}: nicht für bezahlte Versorgung, Produkte oder Dienste.</translation>
    </message>
    <message>
        <source>{name}: treated as not for paid care, products or services.</source>
        <translation>{name}: gilt als nicht für bezahlte Versorgung, Produkte oder Dienste.</translation>
    </message>
    <message>
        <source>I have read it, and my use is non-commercial.</source>
        <translation>Ich habe sie gelesen, und mein Gebrauch ist nichtkommerziell.</translation>
    </message>
    <message>
        <source>Licence of {title}</source>
        <translation>Lizenz von {title}</translation>
    </message>
    <message>
        <source>This model brings no licence text. Ask whoever gave it to you.</source>
        <translation>Dieses Modell bringt keinen Lizenztext mit. Bei dem nachfragen, von dem es stammt.</translation>
    </message>
    <message>
        <source>Ships with Theatrum</source>
        <translation>Gehört zu Theatrum</translation>
    </message>
    <message>
        <source>{words}, {folds} folds</source>
        <translation>{words}, {folds} Folds</translation>
    </message>
    <message>
        <source>What it is for is not stated</source>
        <translation>Wofür es ist, ist nicht angegeben</translation>
    </message>
    <message>
        <source>Not for {purpose}</source>
        <translation>Nicht für {purpose}</translation>
    </message>
    <message>
        <source>Held-out scans not stated</source>
        <translation>Zurückgehaltene Scans nicht angegeben</translation>
    </message>
    <message>
        <source>Not for {lower}{not_for}</source>
        <translation type="vanished">Nicht für {lower}{not_for}</translation>
    </message>
    <message>
        <source>{n} scans</source>
        <translation>{n} Scans</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>Trainiert an</translation>
    </message>
    <message>
        <source>Labels by</source>
        <translation>Label von</translation>
    </message>
    <message>
        <source>Countries</source>
        <translation>Länder</translation>
    </message>
    <message>
        <source>Scanners</source>
        <translation>Scanner</translation>
    </message>
    <message>
        <source>Contrast phases</source>
        <translation>Kontrastphasen</translation>
    </message>
    <message>
        <source>Sex, age</source>
        <translation>Geschlecht, Alter</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Parity</source>
        <translation>Parität</translation>
    </message>
    <message>
        <source>of voxels</source>
        <translation>der Voxel</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>nicht gemessen</translation>
    </message>
    <message>
        <source>This computer alone</source>
        <translation>Nur dieser Rechner</translation>
    </message>
    <message>
        <source>Every computer that reaches this one</source>
        <translation>Jeder Rechner, der diesen erreicht</translation>
    </message>
    <message>
        <source>Only programs on this computer can send here.</source>
        <translation>Nur Programme auf diesem Rechner können hierher senden.</translation>
    </message>
    <message>
        <source>Every computer that reaches this one through the network can try to send here.</source>
        <translation>Jeder Rechner, der diesen über das Netz erreicht, kann versuchen, hierher zu senden.</translation>
    </message>
    <message>
        <source>Computers that reach {address} can try to send here.</source>
        <translation>Rechner, die {address} erreichen, können versuchen, hierher zu senden.</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Dieser Rechner</translation>
    </message>
    <message>
        <source>Tell the archive’s administrator this AE title, the computer’s address and the port.</source>
        <translation>Der Verwaltung des Archivs diesen AE-Titel, die Adresse des Rechners und den Port nennen.</translation>
    </message>
    <message>
        <source>AE title, port</source>
        <translation>AE-Titel, Port</translation>
    </message>
    <message>
        <source>Receives from</source>
        <translation>Empfängt von</translation>
    </message>
    <message>
        <source>Switch it on only in a network that is trusted, or with a secured line.</source>
        <translation>Nur in einem vertrauten Netz oder mit gesicherter Leitung einschalten.</translation>
    </message>
    <message>
        <source>not tried yet</source>
        <translation>noch nicht probiert</translation>
    </message>
    <message>
        <source>Held-out scans {NOT_STATED}</source>
        <translation type="vanished">Zurückgehaltene Scans {NOT_STATED}</translation>
    </message>
    <message>
        <source>theatrum models calibrate learns from labelled cases</source>
        <translation>theatrum models calibrate lernt aus gelabelten Fällen</translation>
    </message>
    <message>
        <source>Your own cases</source>
        <translation>Eigene Fälle</translation>
    </message>
    <message>
        <source>Your own labelled cases</source>
        <translation>Eigene gelabelte Fälle</translation>
    </message>
    <message>
        <source>Folders of nnU-Net, MONAI, ONNX.</source>
        <translation>Ordner von nnU-Net, MONAI, ONNX.</translation>
    </message>
    <message>
        <source>Find a model or structure</source>
        <translation>Modell oder Struktur suchen</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>No model is on this machine. Add one from a folder or a file.</source>
        <translation>Auf diesem Rechner ist kein Modell. Eines aus einem Ordner oder einer Datei hinzufügen.</translation>
    </message>
    <message>
        <source>Add a model</source>
        <translation>Modell hinzufügen</translation>
    </message>
    <message>
        <source>Add a model from a folder or a file</source>
        <translation>Modell aus einem Ordner oder einer Datei hinzufügen</translation>
    </message>
    <message>
        <source>From a folder</source>
        <translation>Aus einem Ordner</translation>
    </message>
    <message>
        <source>From a file</source>
        <translation>Aus einer Datei</translation>
    </message>
    <message>
        <source>Add a model from a folder</source>
        <translation>Modell aus einem Ordner hinzufügen</translation>
    </message>
    <message>
        <source>  Add a model</source>
        <translation>  Modell hinzufügen</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>Gesperrt</translation>
    </message>
    <message>
        <source>Not usable</source>
        <translation>Nicht nutzbar</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>NVIDIA card</source>
        <translation>NVIDIA-Karte</translation>
    </message>
    <message>
        <source>Apple graphics</source>
        <translation>Apple-Grafik</translation>
    </message>
    <message>
        <source>Fast</source>
        <translation>Schnell</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>Am besten</translation>
    </message>
    <message>
        <source>Add a model first</source>
        <translation>Zuerst ein Modell hinzufügen</translation>
    </message>
    <message>
        <source>This model answers to clicks; it does not run by itself</source>
        <translation>Dieses Modell antwortet auf Klicks; es läuft nicht von selbst</translation>
    </message>
    <message>
        <source>Tick the licence to run</source>
        <translation>Zum Starten die Lizenz ankreuzen</translation>
    </message>
    <message>
        <source>Tick what shall be found</source>
        <translation>Ankreuzen, was gefunden werden soll</translation>
    </message>
    <message>
        <source>Running {title}</source>
        <translation>{title} läuft</translation>
    </message>
    <message>
        <source>The case keeps what was looked for.</source>
        <translation>Der Fall behält, wonach gesucht wurde.</translation>
    </message>
    <message>
        <source>Surfaces (*.stl *.ply *.obj *.vtp *.glb *.3mf)</source>
        <translation type="vanished">Oberflächen (*.stl *.ply *.obj *.vtp *.glb *.3mf)</translation>
    </message>
    <message>
        <source>Surfaces (*.stl *.ply *.obj *.vtp *.glb *.usdz *.3mf)</source>
        <translation>Oberflächen (*.stl *.ply *.obj *.vtp *.glb *.usdz *.3mf)</translation>
    </message>
    <message>
        <source>Plane</source>
        <translation>Ebene</translation>
    </message>
    <message>
        <source>Deformable cut</source>
        <translation>Verformbarer Schnitt</translation>
    </message>
    <message>
        <source>Deformable cut along a line…</source>
        <translation>Verformbarer Schnitt entlang einer Linie …</translation>
    </message>
    <message>
        <source>Wedge about a tumour…</source>
        <translation>Keil um einen Tumor …</translation>
    </message>
    <message>
        <source>Territory…</source>
        <translation>Territorium …</translation>
    </message>
    <message>
        <source>Surface from file…</source>
        <translation>Oberfläche aus einer Datei …</translation>
    </message>
    <message>
        <source>Ablation zone…</source>
        <translation>Ablationszone …</translation>
    </message>
    <message>
        <source>Portal occlusion…</source>
        <translation>Pfortaderverschluss …</translation>
    </message>
    <message>
        <source>Preparing the {kind}</source>
        <translation>Vorbereitung läuft: {kind}</translation>
    </message>
    <message>
        <source>No portal vein is chosen</source>
        <translation>Keine Pfortader ist gewählt</translation>
    </message>
    <message>
        <source>No vessel tree is chosen</source>
        <translation>Kein Gefäßbaum ist gewählt</translation>
    </message>
    <message>
        <source>Deformable cut from the chosen plane</source>
        <translation>Verformbarer Schnitt aus der gewählten Ebene</translation>
    </message>
    <message>
        <source>Choose a surface</source>
        <translation>Eine Oberfläche wählen</translation>
    </message>
    <message>
        <source>Reading {name}</source>
        <translation>{name} wird gelesen</translation>
    </message>
    <message>
        <source>{title} removed</source>
        <translation>{title} entfernt</translation>
    </message>
    <message>
        <source>Trying {title}</source>
        <translation>{title} wird probiert</translation>
    </message>
    <message>
        <source>The case is as it was.</source>
        <translation type="vanished">Der Fall ist, wie er war.</translation>
    </message>
    <message>
        <source>{words}. Nothing left this computer.</source>
        <translation>{words}. Nichts hat diesen Rechner verlassen.</translation>
    </message>
    <message>
        <source> The case is as it was.</source>
        <translation> Der Fall ist, wie er war.</translation>
    </message>
    <message>
        <source>{value:.2f} % of voxels as {against}.</source>
        <translation>{value:.2f} % der Voxel wie {against}.</translation>
    </message>
    <message>
        <source>{title} added</source>
        <translation>{title} hinzugefügt</translation>
    </message>
    <message>
        <source>{name} was not added</source>
        <translation>{name} wurde nicht hinzugefügt</translation>
    </message>
    <message>
        <source>The model works here</source>
        <translation>Das Modell funktioniert hier</translation>
    </message>
    <message>
        <source>Files, weights and a small run, {seconds:.1f} s.</source>
        <translation>Dateien, Gewichte und ein kleiner Lauf, {seconds:.1f} s.</translation>
    </message>
    <message>
        <source>{capitalize}: not as they should be</source>
        <translation>{capitalize}: nicht, wie es sein soll</translation>
    </message>
    <message>
        <source>Nothing was kept; the case is as it was.</source>
        <translation>Nichts wurde behalten; der Fall ist, wie er war.</translation>
    </message>
    <message>
        <source>mark of the liver</source>
        <translation>Markierung der Leber</translation>
    </message>
    <message>
        <source>mark of the vessels</source>
        <translation>Markierung der Gefäße</translation>
    </message>
    <message>
        <source>mark of a tumour</source>
        <translation>Markierung eines Tumors</translation>
    </message>
    <message>
        <source>Your clicks of before are there again.</source>
        <translation>Die Klicks von vorher sind wieder da.</translation>
    </message>
    <message>
        <source>Your strokes of before are there again.</source>
        <translation>Die Striche von vorher sind wieder da.</translation>
    </message>
    <message>
        <source>Add structures</source>
        <translation>Strukturen hinzufügen</translation>
    </message>
    <message>
        <source>Reading the label map</source>
        <translation>Labelkarte wird gelesen</translation>
    </message>
    <message>
        <source>Colour of {display}</source>
        <translation>Farbe von {display}</translation>
    </message>
    <message>
        <source>{display} removed. Undo brings it back.</source>
        <translation>{display} entfernt. Rückgängig bringt es zurück.</translation>
    </message>
    <message>
        <source>may be no CT</source>
        <translation>vielleicht kein CT</translation>
    </message>
    <message>
        <source>HU off in air</source>
        <translation>HU in Luft verschoben</translation>
    </message>
    <message>
        <source>HU off in fat</source>
        <translation>HU in Fett verschoben</translation>
    </message>
    <message>
        <source>thick slices</source>
        <translation>dicke Schichten</translation>
    </message>
    <message>
        <source>scan turned?</source>
        <translation>Scan gedreht?</translation>
    </message>
    <message>
        <source>noisy scan</source>
        <translation>verrauschter Scan</translation>
    </message>
    <message>
        <source>not found</source>
        <translation>nicht gefunden</translation>
    </message>
    <message>
        <source>at the scan’s edge</source>
        <translation>am Rand des Scans</translation>
    </message>
    <message>
        <source>in pieces</source>
        <translation>in Stücken</translation>
    </message>
    <message>
        <source>slices missing</source>
        <translation>Schichten fehlen</translation>
    </message>
    <message>
        <source>two engines differ</source>
        <translation>zwei Verfahren verschieden</translation>
    </message>
    <message>
        <source>repeats differ</source>
        <translation>Wiederholungen verschieden</translation>
    </message>
    <message>
        <source>no contrast</source>
        <translation>kein Kontrast</translation>
    </message>
    <message>
        <source>unusual volume</source>
        <translation>ungewöhnliches Volumen</translation>
    </message>
    <message>
        <source>unusual HU</source>
        <translation>ungewöhnliche HU</translation>
    </message>
    <message>
        <source>wrong side?</source>
        <translation>falsche Seite?</translation>
    </message>
    <message>
        <source>side not known</source>
        <translation>Seite nicht bekannt</translation>
    </message>
    <message>
        <source>unlike its pair</source>
        <translation>anders als das Gegenstück</translation>
    </message>
    <message>
        <source>not calibrated</source>
        <translation>nicht kalibriert</translation>
    </message>
    <message>
        <source>not sure enough</source>
        <translation>nicht sicher genug</translation>
    </message>
    <message>
        <source>likely wrong</source>
        <translation>wohl falsch</translation>
    </message>
    <message>
        <source>Finding the liver. It is drawn as soon as it is there.</source>
        <translation>Die Leber wird gesucht. Sie wird gezeichnet, sobald sie da ist.</translation>
    </message>
    <message>
        <source>Click once into plain liver, away from vessels and tumours.</source>
        <translation>Einmal in gesunde Leber klicken, abseits von Gefäßen und Tumoren.</translation>
    </message>
    <message>
        <source>Look at the border in all planes. Click or paint what is missing; with Ctrl, what is too much.</source>
        <translation>Den Rand in allen Ebenen ansehen. Klicken oder anstreichen, was fehlt; mit Strg, was zu viel ist.</translation>
    </message>
    <message>
        <source>Click into the liver first</source>
        <translation>Zuerst in die Leber klicken</translation>
    </message>
    <message>
        <source>Next: vessels</source>
        <translation>Weiter: Gefäße</translation>
    </message>
    <message>
        <source>Models (*.zip *.pt *.pth *.onnx *.pt2 *.ts);;All files (*)</source>
        <translation>Modelle (*.zip *.pt *.pth *.onnx *.pt2 *.ts);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Sure: 95 % chance of Dice 0.8 or more here.</source>
        <translation>Sicher: 95 % Wahrscheinlichkeit für Dice 0,8 oder mehr hier.</translation>
    </message>
    <message>
        <source>Hatched (O): where it is not sure.</source>
        <translation>Schraffiert (O): wo es nicht sicher ist.</translation>
    </message>
    <message>
        <source>Where the model runs</source>
        <translation>Wo das Modell läuft</translation>
    </message>
    <message>
        <source>How carefully</source>
        <translation>Wie sorgfältig</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>Läuft auf</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>Reading the model</source>
        <translation>Modell wird gelesen</translation>
    </message>
    <message>
        <source>Weak:</source>
        <translation>Schwächen:</translation>
    </message>
    <message>
        <source>Other phases will show what it finds unchanged.</source>
        <translation>Andere Phasen zeigen unverändert, was es findet.</translation>
    </message>
    <message>
        <source>The phase {shown} is shown. {more}</source>
        <translation>Gezeigt wird die Phase {shown}. {more}</translation>
    </message>
    <message>
        <source>The model reads the first phase, {phase}</source>
        <translation>Das Modell liest die erste Phase, {phase}</translation>
    </message>
    <message numerus="yes">
        <source>%n structure(s)</source>
        <translation>
            <numerusform>%n Struktur</numerusform>
            <numerusform>%n Strukturen</numerusform>
        </translation>
    </message>
    <message>
        <source>{more} · ran {at}</source>
        <translation>{more} · lief {at}</translation>
    </message>
    <message>
        <source>{more} · ran</source>
        <translation>{more} · lief</translation>
    </message>
    <message>
        <source>licence not accepted</source>
        <translation>Lizenz nicht angenommen</translation>
    </message>
    <message>
        <source>{title}, about {remaining_text} left</source>
        <translation>{title}, noch etwa {remaining_text}</translation>
    </message>
    <message>
        <source>{wanted} of {rows} will be looked for.</source>
        <translation>{wanted} von {rows} werden gesucht.</translation>
    </message>
    <message>
        <source>adult ml</source>
        <translation type="vanished">ml Erwachsener</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Finden</translation>
    </message>
    <message>
        <source>Adults, ml</source>
        <translation>Erwachsene, ml</translation>
    </message>
    <message>
        <source>not seen</source>
        <translation>nicht gesehen</translation>
    </message>
    <message>
        <source>It is running</source>
        <translation>Es läuft</translation>
    </message>
    <message>
        <source>ml so far</source>
        <translation>ml bisher</translation>
    </message>
    <message>
        <source>adult range</source>
        <translation>Bereich Erwachsener</translation>
    </message>
    <message>
        <source>Trust</source>
        <translation>Verlässlichkeit</translation>
    </message>
    <message>
        <source>Nothing is kept before all are done.</source>
        <translation>Nichts wird behalten, bevor alle fertig sind.</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>zurückgenommen</translation>
    </message>
    <message>
        <source>90 % interval</source>
        <translation>90-%-Intervall</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Nutzen</translation>
    </message>
    <message>
        <source>Back to structures</source>
        <translation>Zurück zu den Strukturen</translation>
    </message>
    <message>
        <source>The case stays as it is</source>
        <translation>Der Fall bleibt, wie er ist</translation>
    </message>
    <message>
        <source>Trying the model</source>
        <translation>Modell wird probiert</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>Probieren</translation>
    </message>
    <message>
        <source>Find others</source>
        <translation>Andere suchen</translation>
    </message>
    <message>
        <source>Space ticks a row</source>
        <translation>Leertaste kreuzt eine Zeile an</translation>
    </message>
    <message>
        <source>It ships with the program</source>
        <translation>Es gehört zum Programm</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Run on this case</source>
        <translation>An diesem Fall ausführen</translation>
    </message>
    <message>
        <source>It is not in the case</source>
        <translation>Nicht im Fall</translation>
    </message>
    <message>
        <source>Scribble</source>
        <translation>Strich</translation>
    </message>
    <message>
        <source>Box</source>
        <translation>Kasten</translation>
    </message>
    <message>
        <source>Drag a box round it, from corner to corner</source>
        <translation>Einen Kasten darum ziehen, von Ecke zu Ecke</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>Lasso</translation>
    </message>
    <message>
        <source>Draw round it in one slice</source>
        <translation>In einer Schicht umfahren</translation>
    </message>
    <message>
        <source>Click into it.</source>
        <translation>Hineinklicken.</translation>
    </message>
    <message>
        <source>Draw a line through it.</source>
        <translation>Eine Linie hindurchziehen.</translation>
    </message>
    <message>
        <source>Drag a box round it, in one slice.</source>
        <translation>In einer Schicht einen Kasten darum ziehen.</translation>
    </message>
    <message>
        <source>Draw round it, in one slice.</source>
        <translation>In einer Schicht umfahren.</translation>
    </message>
    <message>
        <source>Enter keeps</source>
        <translation>Enter behält</translation>
    </message>
    <message>
        <source>New structure</source>
        <translation>Neue Struktur</translation>
    </message>
    <message>
        <source>Own strokes</source>
        <translation>Eigene Striche</translation>
    </message>
    <message>
        <source>not kept</source>
        <translation>nicht behalten</translation>
    </message>
    <message>
        <source>The structure that strokes are for</source>
        <translation>Die Struktur, für die die Striche sind</translation>
    </message>
    <message>
        <source>Structure: {words}</source>
        <translation>Struktur: {words}</translation>
    </message>
    <message>
        <source>Take a tool. B paints, Shift+B erases, Y cuts.</source>
        <translation type="vanished">Ein Werkzeug nehmen. B malt, Umschalt+B radiert, Y schneidet.</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Name of the new structure</source>
        <translation>Name der neuen Struktur</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Choose a structure in the list, or make a new one.</source>
        <translation>Eine Struktur in der Liste wählen oder eine neue anlegen.</translation>
    </message>
    <message>
        <source>Brush: ball</source>
        <translation>Pinsel: Kugel</translation>
    </message>
    <message>
        <source>Brush: disc</source>
        <translation>Pinsel: Scheibe</translation>
    </message>
    <message>
        <source>The brush takes all values</source>
        <translation>Der Pinsel nimmt alle Werte</translation>
    </message>
    <message>
        <source>The brush takes {low:.0f} to {high:.0f} HU only</source>
        <translation>Der Pinsel nimmt nur {low:.0f} bis {high:.0f} HU</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Freigeben</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Sperren</translation>
    </message>
    <message>
        <source>Structure that is edited (Alt+Up, Alt+Down)</source>
        <translation type="vanished">Struktur, die bearbeitet wird (Alt+↑, Alt+↓)</translation>
    </message>
    <message>
        <source>{key} paints</source>
        <translation>{key} malt</translation>
    </message>
    <message>
        <source>{key} erases</source>
        <translation>{key} radiert</translation>
    </message>
    <message>
        <source>{key} cuts</source>
        <translation>{key} schneidet</translation>
    </message>
    <message>
        <source>Take a tool.</source>
        <translation>Ein Werkzeug nehmen.</translation>
    </message>
    <message>
        <source>Structure that is edited</source>
        <translation>Struktur, die bearbeitet wird</translation>
    </message>
    <message>
        <source>{display} (locked)</source>
        <translation>{display} (gesperrt)</translation>
    </message>
    <message>
        <source>No structure</source>
        <translation>Keine Struktur</translation>
    </message>
    <message>
        <source>{display} is locked</source>
        <translation>{display} ist gesperrt</translation>
    </message>
    <message>
        <source>Unlock it in the menu above to change it.</source>
        <translation>Im Menü oben freigeben, um sie zu ändern.</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>Wird berechnet …</translation>
    </message>
    <message>
        <source>Make structure</source>
        <translation>Struktur anlegen</translation>
    </message>
    <message>
        <source>Enter makes it · Esc leaves</source>
        <translation>Enter legt an · Esc verlässt</translation>
    </message>
    <message>
        <source>Computing</source>
        <translation>Wird berechnet</translation>
    </message>
    <message>
        <source>Nothing would change</source>
        <translation>Nichts würde sich ändern</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
    <message>
        <source>Enter cuts · Esc leaves it</source>
        <translation>Enter schneidet · Esc lässt es</translation>
    </message>
    <message>
        <source>Enter applies · Esc leaves the tool</source>
        <translation>Enter wendet an · Esc legt das Werkzeug weg</translation>
    </message>
    <message>
        <source>Enter begins</source>
        <translation>Enter beginnt</translation>
    </message>
    <message>
        <source>Nothing is painted yet</source>
        <translation>Noch nichts gemalt</translation>
    </message>
    <message>
        <source>Accept {small}</source>
        <translation>{small} übernehmen</translation>
    </message>
    <message>
        <source>Ctrl paints · Esc leaves the tool</source>
        <translation>Strg malt · Esc legt das Werkzeug weg</translation>
    </message>
    <message>
        <source>Ctrl erases · Esc leaves the tool</source>
        <translation>Strg radiert · Esc legt das Werkzeug weg</translation>
    </message>
    <message>
        <source>Shift keeps the inside · Esc leaves the tool</source>
        <translation>Umschalt behält das Innere · Esc legt das Werkzeug weg</translation>
    </message>
    <message>
        <source>{display} accepted: {volume_ml}</source>
        <translation>{display} übernommen: {volume_ml}</translation>
    </message>
    <message>
        <source>Structure</source>
        <translation>Struktur</translation>
    </message>
    <message>
        <source>What answers the strokes</source>
        <translation>Was auf die Striche antwortet</translation>
    </message>
    <message>
        <source>Answered by</source>
        <translation>Antwort von</translation>
    </message>
    <message>
        <source>Preparing the scan; draw already. {HINTS}</source>
        <translation>Der Scan wird vorbereitet; schon zeichnen. {HINTS}</translation>
    </message>
    <message>
        <source>Draw where it is missing; with Ctrl, where it is too much.</source>
        <translation>Zeichnen, wo es fehlt; mit Strg, wo es zu viel ist.</translation>
    </message>
    <message>
        <source>{HINTS} Then draw “not this” round it, in two or three slices.</source>
        <translation>{HINTS} Dann „dies nicht“ darum herum zeichnen, in zwei oder drei Schichten.</translation>
    </message>
    <message>
        <source>Go on where it is wrong, in any plane. Ctrl says the contrary.</source>
        <translation>Weitermachen, wo es falsch ist, in jeder Ebene. Strg sagt das Gegenteil.</translation>
    </message>
    <message>
        <source>Keep {name}</source>
        <translation>{name} behalten</translation>
    </message>
    <message>
        <source>Keep {lower}{display}</source>
        <translation type="vanished">{lower}{display} behalten</translation>
    </message>
    <message>
        <source>{display} changed meanwhile</source>
        <translation>{display} hat sich inzwischen geändert</translation>
    </message>
    <message>
        <source>Keeping gives it the shape of these strokes.</source>
        <translation>Mit dem Behalten erhält sie die Form dieser Striche.</translation>
    </message>
    <message>
        <source>Strokes wait to be kept</source>
        <translation>Striche warten darauf, behalten zu werden</translation>
    </message>
    <message>
        <source>{names}: choose it above to go on.</source>
        <translation>{names}: oben wählen, um weiterzumachen.</translation>
    </message>
    <message>
        <source>{this} this, {marks} not</source>
        <translation>{this} dies, {marks} nicht</translation>
    </message>
    <message>
        <source>With</source>
        <translation>Mit</translation>
    </message>
    <message>
        <source>Tumours of the case</source>
        <translation>Tumoren des Falls</translation>
    </message>
    <message>
        <source>Finding the tumour.</source>
        <translation>Der Tumor wird gesucht.</translation>
    </message>
    <message>
        <source>Draw a line across a tumour, from rim to rim, where it is widest. A click does for a plain one.</source>
        <translation>Eine Linie quer durch einen Tumor ziehen, von Rand zu Rand, wo er am breitesten ist. Für einen einfachen genügt ein Klick.</translation>
    </message>
    <message>
        <source>Click or draw what is missing; with Ctrl, what is too much.</source>
        <translation>Klicken oder zeichnen, was fehlt; mit Strg, was zu viel ist.</translation>
    </message>
    <message>
        <source>Scan and liver</source>
        <translation>Scan und Leber</translation>
    </message>
    <message>
        <source>The liver is</source>
        <translation>Die Leber ist</translation>
    </message>
    <message>
        <source>Liver with tumours</source>
        <translation>Leber mit Tumoren</translation>
    </message>
    <message>
        <source>Between slices</source>
        <translation>Zwischen den Schichten</translation>
    </message>
    <message>
        <source>No liver in this case</source>
        <translation>Keine Leber in diesem Fall</translation>
    </message>
    <message>
        <source>Find it by a click in the scan, or add a label map.</source>
        <translation>Mit einem Klick im Scan finden oder eine Labelkarte hinzufügen.</translation>
    </message>
    <message>
        <source>Slices are {step:g} mm</source>
        <translation>Die Schichten haben {step:g} mm</translation>
    </message>
    <message>
        <source>Margins are ± {plain} mm at best.</source>
        <translation>Resektionsränder sind bestenfalls auf ± {plain} mm genau.</translation>
    </message>
    <message>
        <source>Look inside the liver</source>
        <translation>In die Leber sehen</translation>
    </message>
    <message>
        <source>Choose the liver first</source>
        <translation>Zuerst die Leber wählen</translation>
    </message>
    <message>
        <source>Accept liver</source>
        <translation>Leber übernehmen</translation>
    </message>
    <message>
        <source>It would hold the tumour at the liver&apos;s border.</source>
        <translation>Sie würde den Tumor am Leberrand begrenzen.</translation>
    </message>
    <message>
        <source>Find the liver first</source>
        <translation>Zuerst die Leber finden</translation>
    </message>
    <message>
        <source>Plan the liver</source>
        <translation>Leber planen</translation>
    </message>
    <message>
        <source>New tumour</source>
        <translation>Neuer Tumor</translation>
    </message>
    <message>
        <source>Portal</source>
        <translation>Pfortader</translation>
    </message>
    <message>
        <source>Hepatic</source>
        <translation>Lebervenen</translation>
    </message>
    <message>
        <source>Neither</source>
        <translation>Keines</translation>
    </message>
    <message>
        <source>Finding the vessels of the liver. Click already: into the portal trunk, then into each hepatic vein.</source>
        <translation>Die Lebergefäße werden gesucht. Schon klicken: in den Pfortaderstamm, dann in jede Lebervene.</translation>
    </message>
    <message>
        <source>Click into the portal trunk.</source>
        <translation>In den Pfortaderstamm klicken.</translation>
    </message>
    <message>
        <source>Now click into the hepatic veins, each once.</source>
        <translation>Jetzt in die Lebervenen klicken, jede einmal.</translation>
    </message>
    <message>
        <source>A branch on the wrong side turns by a click on it. Neither takes away what is no vein of the liver.</source>
        <translation>Ein Ast auf der falschen Seite wechselt durch einen Klick. „Keines von beiden“ entfernt, was keine Lebervene ist.</translation>
    </message>
    <message>
        <source>Vessels are looked for in it.</source>
        <translation>In ihr werden die Gefäße gesucht.</translation>
    </message>
    <message>
        <source>Find the liver</source>
        <translation>Leber finden</translation>
    </message>
    <message>
        <source>Next: tumours</source>
        <translation>Weiter: Tumoren</translation>
    </message>
    <message>
        <source>Belongs to no tree</source>
        <translation>Gehört zu keinem Baum</translation>
    </message>
    <message>
        <source>Has a root of its own</source>
        <translation>Hat eine eigene Wurzel</translation>
    </message>
    <message>
        <source>  This branch is right</source>
        <translation>  Dieser Ast ist richtig</translation>
    </message>
    <message>
        <source>{mm:.0f}&#x202f;mm slab</source>
        <translation>{mm:.0f}&#x202f;mm dicke Schicht</translation>
    </message>
    <message>
        <source>Plain slices</source>
        <translation>Einfache Schichten</translation>
    </message>
    <message>
        <source>Axial and coronal show</source>
        <translation>Axial und koronal zeigen</translation>
    </message>
    <message>
        <source>Portal vein</source>
        <translation>Pfortader</translation>
    </message>
    <message>
        <source>What is beyond a cut</source>
        <translation>Was jenseits eines Schnitts liegt</translation>
    </message>
    <message>
        <source>Beyond it</source>
        <translation>Jenseits</translation>
    </message>
    <message>
        <source>Look here</source>
        <translation>Hier hinsehen</translation>
    </message>
    <message>
        <source>Corrections</source>
        <translation>Korrekturen</translation>
    </message>
    <message>
        <source>Axial and coronal</source>
        <translation>Axial und koronal</translation>
    </message>
    <message numerus="yes">
        <source>%n tree(s)</source>
        <translation>
            <numerusform>%n Baum</numerusform>
            <numerusform>%n Bäume</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no portal tree now</source>
        <translation>Es gibt jetzt keinen Pfortaderbaum</translation>
    </message>
    <message>
        <source>There is no hepatic tree now</source>
        <translation>Es gibt jetzt keinen Lebervenenbaum</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>{places} to look at</source>
        <translation>{places} anzusehen</translation>
    </message>
    <message>
        <source>tree</source>
        <translation>Baum</translation>
    </message>
    <message>
        <source>trees</source>
        <translation>Bäume</translation>
    </message>
    <message>
        <source>{pieces} pieces, each with its own root</source>
        <translation>{pieces} Stücke, jedes mit eigener Wurzel</translation>
    </message>
    <message numerus="yes">
        <source>%n loose piece(s)</source>
        <translation>
            <numerusform>%n loses Stück</numerusform>
            <numerusform>%n lose Stücke</numerusform>
        </translation>
    </message>
    <message>
        <source>hepatic venous</source>
        <translation>Lebervenen</translation>
    </message>
    <message>
        <source>No {join} tree</source>
        <translation>Kein {join}-Baum</translation>
    </message>
    <message>
        <source> and no </source>
        <translation> und kein </translation>
    </message>
    <message>
        <source>The viable remnant needs both; the plan can go on without.</source>
        <translation>Das funktionelle Restvolumen braucht beide; der Plan kann ohne weitergehen.</translation>
    </message>
    <message>
        <source>Where do the trees begin?</source>
        <translation>Wo beginnen die Bäume?</translation>
    </message>
    <message>
        <source>Both lie in one structure. Take Root, click the portal trunk, then the vena cava.</source>
        <translation>Beide liegen in einer Struktur. „Wurzel“ nehmen, den Pfortaderstamm anklicken, dann die Hohlvene.</translation>
    </message>
    <message>
        <source>There is no {gone} tree now</source>
        <translation type="vanished">Es gibt jetzt keinen {gone}-Baum</translation>
    </message>
    <message>
        <source>Nothing belongs to it any more. Give a branch back, or delete a correction.</source>
        <translation>Nichts gehört mehr dazu. Einen Ast zurückgeben oder eine Korrektur löschen.</translation>
    </message>
    <message numerus="yes">
        <source>%n place(s)</source>
        <translation>
            <numerusform>%n Stelle</numerusform>
            <numerusform>%n Stellen</numerusform>
        </translation>
    </message>
    <message>
        <source>Portal and hepatic vein touch at {places}.</source>
        <translation>Pfortader und Lebervene berühren sich: {places}.</translation>
    </message>
    <message>
        <source>They were cut apart there. Look, and give back what is wrong.</source>
        <translation>Dort wurden sie getrennt. Ansehen und zurückgeben, was falsch ist.</translation>
    </message>
    <message>
        <source>Look at the vessels</source>
        <translation>Die Gefäße ansehen</translation>
    </message>
    <message>
        <source>Trees, territories and numbers follow…</source>
        <translation>Bäume, Territorien und Zahlen folgen …</translation>
    </message>
    <message>
        <source>{left} more are shorter or thinner; they are marked, too.</source>
        <translation>{left} weitere sind kürzer oder dünner; auch sie sind markiert.</translation>
    </message>
    <message>
        <source>  This root is right</source>
        <translation>  Diese Wurzel ist richtig</translation>
    </message>
    <message>
        <source>by its place</source>
        <translation>nach ihrer Lage</translation>
    </message>
    <message>
        <source>Go on without vessels</source>
        <translation>Ohne Gefäße weiter</translation>
    </message>
    <message>
        <source>Accept vessels</source>
        <translation>Gefäße übernehmen</translation>
    </message>
    <message>
        <source>Following the strokes</source>
        <translation>Den Strichen wird gefolgt</translation>
    </message>
    <message>
        <source>There is one of this name: choose it above</source>
        <translation>Eine mit diesem Namen gibt es: oben wählen</translation>
    </message>
    <message>
        <source>A name has letters</source>
        <translation>Ein Name hat Buchstaben</translation>
    </message>
    <message>
        <source>There is no scan in this case</source>
        <translation>In diesem Fall ist kein Scan</translation>
    </message>
    <message>
        <source>This structure lies on another grid than the scan</source>
        <translation>Diese Struktur liegt auf einem anderen Gitter als der Scan</translation>
    </message>
    <message>
        <source>The licence of {title} is not accepted</source>
        <translation>Die Lizenz von {title} ist nicht angenommen</translation>
    </message>
    <message>
        <source>Find by a model shows it.</source>
        <translation>„Mit einem Modell finden“ zeigt sie.</translation>
    </message>
    <message>
        <source>Preparing the scan</source>
        <translation>Scan wird vorbereitet</translation>
    </message>
    <message>
        <source>Asking {title}</source>
        <translation>{title} wird gefragt</translation>
    </message>
    <message>
        <source>The network did not answer</source>
        <translation>Das Netz hat nicht geantwortet</translation>
    </message>
    <message>
        <source>{title}. Strokes work without it.</source>
        <translation>{title}. Striche gehen auch ohne.</translation>
    </message>
    <message>
        <source>from a file</source>
        <translation>aus einer Datei</translation>
    </message>
    <message>
        <source>edited by hand</source>
        <translation>von Hand bearbeitet</translation>
    </message>
    <message>
        <source>Nothing segmented yet. Click the liver, its vessels and tumours in the scan, draw any structure by strokes, or add a label map (NIfTI, NRRD, MHA or DICOM SEG): one structure for each label, named by a file beside it (same name, .json).</source>
        <translation>Noch nichts segmentiert. Leber, Gefäße und Tumoren im Scan anklicken, jede Struktur mit Strichen zeichnen oder eine Labelkarte hinzufügen (NIfTI, NRRD, MHA oder DICOM SEG): eine Struktur je Label, benannt durch eine Datei daneben (gleicher Name, .json).</translation>
    </message>
    <message>
        <source>Name of the structure</source>
        <translation>Name der Struktur</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Andere</translation>
    </message>
    <message>
        <source>Find by a model</source>
        <translation>Mit einem Modell finden</translation>
    </message>
    <message>
        <source>Find by clicks</source>
        <translation>Durch Klicks finden</translation>
    </message>
    <message>
        <source>Voxels</source>
        <translation>Voxel</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Entstanden</translation>
    </message>
    <message>
        <source>It can be taken by nearest neighbour; edges move by up to half a voxel.</source>
        <translation>Sie kann nach dem nächsten Nachbarn übernommen werden; Ränder verschieben sich um bis zu ein halbes Voxel.</translation>
    </message>
    <message numerus="yes">
        <source>%n structure(s) added</source>
        <translation>
            <numerusform>%n Struktur hinzugefügt</numerusform>
            <numerusform>%n Strukturen hinzugefügt</numerusform>
        </translation>
    </message>
    <message>
        <source>Add from a file</source>
        <translation>Aus einer Datei hinzufügen</translation>
    </message>
    <message>
        <source>Enter adds · double-click shows</source>
        <translation>Enter fügt hinzu · Doppelklick zeigt</translation>
    </message>
    <message>
        <source>Enter adds</source>
        <translation>Enter fügt hinzu</translation>
    </message>
    <message numerus="yes">
        <source>%n stroke(s)</source>
        <translation>
            <numerusform>%n Strich</numerusform>
            <numerusform>%n Striche</numerusform>
        </translation>
    </message>
    <message>
        <source>Found with</source>
        <translation>Gefunden mit</translation>
    </message>
    <message>
        <source>Corrected with</source>
        <translation>Korrigiert mit</translation>
    </message>
    <message>
        <source>Colour of {name}</source>
        <translation>Farbe von {name}</translation>
    </message>
    <message>
        <source>Finding the liver</source>
        <translation>Leber wird gesucht</translation>
    </message>
    <message>
        <source>Parting the vessels</source>
        <translation>Gefäße werden getrennt</translation>
    </message>
    <message>
        <source>Finding the tumour</source>
        <translation>Tumor wird gesucht</translation>
    </message>
    <message>
        <source>Finding the vessels</source>
        <translation>Gefäße werden gesucht</translation>
    </message>
    <message>
        <source>Slices were filled in</source>
        <translation>Schichten wurden aufgefüllt</translation>
    </message>
    <message>
        <source>The slices were tilted</source>
        <translation>Die Schichten waren geneigt</translation>
    </message>
    <message>
        <source>Thick slices</source>
        <translation>Dicke Schichten</translation>
    </message>
    <message>
        <source>Not gated</source>
        <translation>Nicht getriggert</translation>
    </message>
    <message>
        <source>Values are not HU</source>
        <translation>Die Werte sind keine HU</translation>
    </message>
    <message>
        <source>Uneven slices</source>
        <translation>Ungleiche Schichten</translation>
    </message>
    <message>
        <source>TAVR plan</source>
        <translation>TAVR-Plan</translation>
    </message>
    <message>
        <source>Liver plan</source>
        <translation>Leberplan</translation>
    </message>
    <message>
        <source>Kidney plan</source>
        <translation>Nierenplan</translation>
    </message>
    <message>
        <source>Vessel plan</source>
        <translation>Gefäßplan</translation>
    </message>
    <message numerus="yes">
        <source>%n TAVR plan(s)</source>
        <translation>
            <numerusform>%n TAVR-Plan</numerusform>
            <numerusform>%n TAVR-Pläne</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n liver plan(s)</source>
        <translation>
            <numerusform>%n Leberplan</numerusform>
            <numerusform>%n Leberpläne</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n kidney plan(s)</source>
        <translation>
            <numerusform>%n Nierenplan</numerusform>
            <numerusform>%n Nierenpläne</numerusform>
        </translation>
    </message>
    <message>
        <source>Annulus, root, projections</source>
        <translation>Anulus, Wurzel, Projektionen</translation>
    </message>
    <message>
        <source>Resection, margin, remnant</source>
        <translation>Resektion, Resektionsrand, Rest</translation>
    </message>
    <message>
        <source>Score, clamp, partial resection</source>
        <translation>Score, Klemme, Teilresektion</translation>
    </message>
    <message>
        <source>Length and diameters</source>
        <translation>Längen und Durchmesser</translation>
    </message>
    <message>
        <source>Segment only</source>
        <translation>Nur segmentieren</translation>
    </message>
    <message>
        <source>By clicks or a label map</source>
        <translation>Durch Klicks oder eine Labelkarte</translation>
    </message>
    <message>
        <source>What do you want to plan?</source>
        <translation>Was soll geplant werden?</translation>
    </message>
    <message>
        <source>Phase {n}</source>
        <translation>Phase {n}</translation>
    </message>
    <message>
        <source>{more} more in the report.</source>
        <translation>{more} weitere im Bericht.</translation>
    </message>
    <message>
        <source>No gaps, no tilt, one grid.</source>
        <translation>Keine Lücken, keine Neigung, ein Gitter.</translation>
    </message>
    <message>
        <source>Enter goes there</source>
        <translation>Enter geht dorthin</translation>
    </message>
    <message>
        <source>Go on with the {words}</source>
        <translation>Weiter mit: {words}</translation>
    </message>
    <message>
        <source>Plan the kidney</source>
        <translation>Niere planen</translation>
    </message>
    <message>
        <source>Plan the valve</source>
        <translation>Klappe planen</translation>
    </message>
    <message>
        <source>Scan</source>
        <translation>Scan</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>Matrix</translation>
    </message>
    <message>
        <source>Covers</source>
        <translation>Umfasst</translation>
    </message>
    <message>
        <source>given</source>
        <translation>gegeben</translation>
    </message>
    <message>
        <source>{phases} phases</source>
        <translation>{phases} Phasen</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Werte</translation>
    </message>
    <message>
        <source>margin {least}</source>
        <translation>Rand {least}</translation>
    </message>
    <message>
        <source>length {length}</source>
        <translation>Länge {length}</translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation>{low} bis {high}</translation>
    </message>
    <message>
        <source>Click inside the vessel where its centreline shall go through.</source>
        <translation>In das Gefäß klicken, wo seine Mittellinie hindurchgehen soll.</translation>
    </message>
    <message>
        <source>Through {number}</source>
        <translation>Durch {number}</translation>
    </message>
    <message>
        <source>flared</source>
        <translation>aufgeweitet</translation>
    </message>
    <message>
        <source>tubular</source>
        <translation>röhrenförmig</translation>
    </message>
    <message>
        <source>tapered</source>
        <translation>verjüngt</translation>
    </message>
    <message>
        <source>Coverage, feet to head</source>
        <translation>Abdeckung, Fuß bis Kopf</translation>
    </message>
    <message>
        <source>Measured in the root once the hinges are placed</source>
        <translation>In der Wurzel gemessen, sobald die Hinge-Punkte gesetzt sind</translation>
    </message>
    <message>
        <source>Contrast in the root</source>
        <translation>Kontrast in der Wurzel</translation>
    </message>
    <message>
        <source>Noise in the root</source>
        <translation>Rauschen in der Wurzel</translation>
    </message>
    <message>
        <source>The program is not sure of this root</source>
        <translation>Das Programm ist bei dieser Wurzel nicht sicher</translation>
    </message>
    <message>
        <source>Look at each hinge before you accept it.</source>
        <translation>Jeden Hinge-Punkt vor dem Übernehmen ansehen.</translation>
    </message>
    <message>
        <source>click in the image</source>
        <translation>in das Bild klicken</translation>
    </message>
    <message>
        <source>not placed</source>
        <translation>nicht gesetzt</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>optional</translation>
    </message>
    <message>
        <source>A second estimate is {apart} mm away</source>
        <translation>Eine zweite Schätzung liegt {apart} mm entfernt</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <source>Automatic: {automatic}</source>
        <translation>Automatisch: {automatic}</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>von Hand</translation>
    </message>
    <message>
        <source>moved {away}&#x202f;mm</source>
        <translation>um {away}&#x202f;mm verschoben</translation>
    </message>
    <message>
        <source>Hinges</source>
        <translation>Hinge-Punkte</translation>
    </message>
    <message>
        <source>Edge</source>
        <translation>Rand</translation>
    </message>
    <message>
        <source>Expert readers differ by</source>
        <translation>Erfahrene Untersucher unterscheiden sich um</translation>
    </message>
    <message>
        <source>Another heart phase may be larger by</source>
        <translation>Eine andere Herzphase kann größer sein um</translation>
    </message>
    <message>
        <source>Sizes are held against ± {spread} mm², readers included</source>
        <translation>Größen werden gegen ± {spread} mm² gehalten, Untersucher eingeschlossen</translation>
    </message>
    <message>
        <source>95 % of such measurements lie within ±</source>
        <translation>95 % solcher Messungen liegen innerhalb ±</translation>
    </message>
    <message>
        <source>Not in it:</source>
        <translation>Nicht darin:</translation>
    </message>
    <message>
        <source>± {plus_minus} mm is this measurement’s own.</source>
        <translation>± {plus_minus} mm ist der Fehler dieser Messung allein.</translation>
    </message>
    <message>
        <source>Between readers: ± {spread} mm, which sizes are held against.</source>
        <translation>Zwischen Untersuchern: ± {spread} mm; daran werden Größen gemessen.</translation>
    </message>
    <message>
        <source>Longest diameter</source>
        <translation>Längster Ø</translation>
    </message>
    <message>
        <source>Shortest diameter</source>
        <translation>Kürzester Ø</translation>
    </message>
    <message>
        <source>Perimeter diameter</source>
        <translation>Ø aus Umfang</translation>
    </message>
    <message>
        <source>Eccentricity</source>
        <translation>Exzentrizität</translation>
    </message>
    <message>
        <source>Angle to horizontal</source>
        <translation>Aortenangulation</translation>
    </message>
    <message>
        <source>Not in the scan, or its edge is not closed</source>
        <translation>Nicht im Scan, oder der Rand ist nicht geschlossen</translation>
    </message>
    <message>
        <source>LVOT area</source>
        <translation>LVOT-Fläche</translation>
    </message>
    <message>
        <source>LVOT area, {depth}</source>
        <translation>LVOT-Fläche, {depth}</translation>
    </message>
    <message>
        <source>LVOT longest, {depth}</source>
        <translation>LVOT längster, {depth}</translation>
    </message>
    <message>
        <source>LVOT shortest, {depth}</source>
        <translation>LVOT kürzester, {depth}</translation>
    </message>
    <message>
        <source>LVOT shape</source>
        <translation>LVOT-Form</translation>
    </message>
    <message>
        <source>Sinus {upper}</source>
        <translation>Sinus {upper}</translation>
    </message>
    <message>
        <source>Sinus mean</source>
        <translation>Sinus, Mittel</translation>
    </message>
    <message>
        <source>STJ diameter</source>
        <translation>STJ-Durchmesser</translation>
    </message>
    <message>
        <source>STJ height</source>
        <translation>STJ-Höhe</translation>
    </message>
    <message>
        <source>Ascending aorta, 40 mm</source>
        <translation>Aorta ascendens, 40 mm</translation>
    </message>
    <message>
        <source>Ascending, greatest</source>
        <translation>Aorta ascendens, größte</translation>
    </message>
    <message>
        <source>LCA height</source>
        <translation>LCA-Höhe</translation>
    </message>
    <message>
        <source>RCA height</source>
        <translation>RCA-Höhe</translation>
    </message>
    <message>
        <source>The ostium was not found. Place it by hand</source>
        <translation>Das Ostium wurde nicht gefunden. Von Hand setzen</translation>
    </message>
    <message>
        <source>The free edge was not seen</source>
        <translation>Der freie Rand war nicht zu sehen</translation>
    </message>
    <message>
        <source>Leaflet {upper}</source>
        <translation>Tasche {upper}</translation>
    </message>
    <message>
        <source>Membranous septum</source>
        <translation>Membranöses Septum</translation>
    </message>
    <message>
        <source>Septum, anterior</source>
        <translation>Septum, anterior</translation>
    </message>
    <message>
        <source>Not seen</source>
        <translation>Nicht zu sehen</translation>
    </message>
    <message>
        <source>Septum, posterior</source>
        <translation>Septum, posterior</translation>
    </message>
    <message>
        <source>Cusps</source>
        <translation>Taschen</translation>
    </message>
    <message>
        <source>Sievers</source>
        <translation>Sievers</translation>
    </message>
    <message>
        <source>Commissures apart</source>
        <translation>Abstand der Kommissuren</translation>
    </message>
    <message>
        <source>NCC leaflet</source>
        <translation>NCC-Tasche</translation>
    </message>
    <message>
        <source>RCC leaflet</source>
        <translation>RCC-Tasche</translation>
    </message>
    <message>
        <source>LCC leaflet</source>
        <translation>LCC-Tasche</translation>
    </message>
    <message>
        <source>Above 850 HU</source>
        <translation>Über 850 HU</translation>
    </message>
    <message>
        <source>Lumen</source>
        <translation>Lumen</translation>
    </message>
    <message>
        <source>The lumen is bright, {lumen_hu}</source>
        <translation>Das Lumen ist hell, {lumen_hu}</translation>
    </message>
    <message>
        <source>Calcium below {threshold_hu} is not counted.</source>
        <translation>Kalk unter {threshold_hu} wird nicht gezählt.</translation>
    </message>
    <message>
        <source>Annulus area</source>
        <translation>Anulusfläche</translation>
    </message>
    <message>
        <source>Three-cusp view</source>
        <translation>Drei-Taschen-Ansicht</translation>
    </message>
    <message>
        <source>Things to look at</source>
        <translation>Anzusehen</translation>
    </message>
    <message>
        <source>Window CTA</source>
        <translation>Fensterung CTA</translation>
    </message>
    <message>
        <source>Window Liver</source>
        <translation>Fensterung Leber</translation>
    </message>
    <message>
        <source>Window Liver, narrow</source>
        <translation>Fensterung Leber, eng</translation>
    </message>
    <message>
        <source>Window Lung</source>
        <translation>Fensterung Lunge</translation>
    </message>
    <message>
        <source>Window Bone</source>
        <translation>Fensterung Knochen</translation>
    </message>
    <message>
        <source>Window Soft tissue</source>
        <translation>Fensterung Weichteile</translation>
    </message>
    <message>
        <source>Liver, narrow</source>
        <translation>Leber, eng</translation>
    </message>
    <message>
        <source>Lung</source>
        <translation>Lunge</translation>
    </message>
    <message>
        <source>Bone</source>
        <translation>Knochen</translation>
    </message>
    <message>
        <source>Soft tissue</source>
        <translation>Weichteile</translation>
    </message>
    <message>
        <source>Sample heart</source>
        <translation>Beispiel Herz</translation>
    </message>
    <message>
        <source>Sample liver</source>
        <translation>Beispiel Leber</translation>
    </message>
    <message>
        <source>Making the sample heart</source>
        <translation>Beispielherz wird gemacht</translation>
    </message>
    <message>
        <source>Making the sample liver</source>
        <translation>Beispielleber wird gemacht</translation>
    </message>
    <message>
        <source>Writing it as DICOM</source>
        <translation>Wird als DICOM geschrieben</translation>
    </message>
    <message>
        <source>Structures of the sample</source>
        <translation>Strukturen des Beispiels</translation>
    </message>
    <message>
        <source>Writing the case</source>
        <translation>Fall wird geschrieben</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>Serien</translation>
    </message>
    <message>
        <source>Reading the folder</source>
        <translation>Ordner wird gelesen</translation>
    </message>
    <message>
        <source>Sorted by use</source>
        <translation>Nach Eignung sortiert</translation>
    </message>
    <message>
        <source>Fill in missing slices</source>
        <translation>Fehlende Schichten auffüllen</translation>
    </message>
    <message>
        <source>Missing slices are interpolated; they stay marked in the case and in every report</source>
        <translation>Fehlende Schichten werden interpoliert; sie bleiben im Fall und in jedem Bericht gekennzeichnet</translation>
    </message>
    <message>
        <source>Keep name and number in the case</source>
        <translation>Name und Nummer im Fall behalten</translation>
    </message>
    <message>
        <source>Otherwise they are removed on import</source>
        <translation>Sonst werden sie beim Import entfernt</translation>
    </message>
    <message>
        <source>Open series</source>
        <translation>Serie öffnen</translation>
    </message>
    <message>
        <source>Open this series (Enter)</source>
        <translation>Diese Serie öffnen (Enter)</translation>
    </message>
    <message>
        <source>Add to the open case</source>
        <translation>Zum offenen Fall hinzufügen</translation>
    </message>
    <message>
        <source>Fetch a study from an archive, or receive one</source>
        <translation>Eine Studie aus einem Archiv holen oder empfangen</translation>
    </message>
    <message>
        <source>Back (Esc)</source>
        <translation>Zurück (Esc)</translation>
    </message>
    <message>
        <source>Add to {case}</source>
        <translation>Zu {case} hinzufügen</translation>
    </message>
    <message>
        <source>Keep plans on the first image and show this one over or beside it</source>
        <translation>Pläne beim ersten Bild lassen und dieses darüber oder daneben zeigen</translation>
    </message>
    <message numerus="yes">
        <source>%n (series|series)</source>
        <translation>
            <numerusform>%n Serie</numerusform>
            <numerusform>%n Serien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s)</source>
        <translation>
            <numerusform>%n Bild</numerusform>
            <numerusform>%n Bilder</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n other file(s) (is|are) left out.</source>
        <translation>
            <numerusform>%n andere Datei ist ausgelassen.</numerusform>
            <numerusform>%n andere Dateien sind ausgelassen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Whoever gets the case file or a report of it can read them. Pictures and models leave them out.</source>
        <translation>Wer die Falldatei oder einen Bericht davon bekommt, kann sie lesen. Bilder und Modelle lassen sie weg.</translation>
    </message>
    <message>
        <source>{count_text} {value} left out.</source>
        <translation type="vanished">{count_text} {value} ausgelassen.</translation>
    </message>
    <message>
        <source>other file</source>
        <translation type="vanished">andere Datei</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>und {count} weitere</translation>
    </message>
    <message>
        <source>Stop it in the line below</source>
        <translation>Unten in der Leiste anhalten</translation>
    </message>
    <message>
        <source>This series cannot be opened</source>
        <translation>Diese Serie kann nicht geöffnet werden</translation>
    </message>
    <message>
        <source>Tick to fill in, or choose another</source>
        <translation>Zum Auffüllen ankreuzen oder eine andere wählen</translation>
    </message>
    <message>
        <source>Enter opens</source>
        <translation>Enter öffnet</translation>
    </message>
    <message>
        <source>Keep name and number in the case?</source>
        <translation>Name und Nummer im Fall behalten?</translation>
    </message>
    <message>
        <source>Whoever gets the case file can read them. Reports and pictures leave them out.</source>
        <translation type="vanished">Wer die Falldatei erhält, kann sie lesen. Berichte und Bilder lassen sie weg.</translation>
    </message>
    <message>
        <source>Remove them</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Reading a slice</source>
        <translation>Schicht wird gelesen</translation>
    </message>
    <message>
        <source>{label} was moved or deleted. Right-click to remove it from the list.</source>
        <translation>{label} wurde verschoben oder gelöscht. Rechtsklick, um ihn aus der Liste zu entfernen.</translation>
    </message>
    <message>
        <source>  and {problems} more</source>
        <translation>  und {problems} weitere</translation>
    </message>
    <message>
        <source>Best for TAVR</source>
        <translation>Am besten für TAVR</translation>
    </message>
    <message>
        <source>Best for access</source>
        <translation>Am besten für den Zugang</translation>
    </message>
    <message>
        <source>Best for liver</source>
        <translation>Am besten für die Leber</translation>
    </message>
    <message>
        <source>Moving</source>
        <translation>Bewegt</translation>
    </message>
    <message>
        <source>head first</source>
        <translation>Kopf voran</translation>
    </message>
    <message>
        <source>feet first</source>
        <translation>Füße voran</translation>
    </message>
    <message>
        <source>on the back</source>
        <translation>auf dem Rücken</translation>
    </message>
    <message>
        <source>face down</source>
        <translation>auf dem Bauch</translation>
    </message>
    <message>
        <source>on the right side</source>
        <translation>auf der rechten Seite</translation>
    </message>
    <message>
        <source>on the left side</source>
        <translation>auf der linken Seite</translation>
    </message>
    <message>
        <source>{phases} × {size_ijk} slices</source>
        <translation>{phases} × {size_ijk} Schichten</translation>
    </message>
    <message>
        <source>gated</source>
        <translation>getriggert</translation>
    </message>
    <message>
        <source>contrast</source>
        <translation>Kontrastmittel</translation>
    </message>
    <message>
        <source>, the widest gap lies</source>
        <translation>, die größte Lücke liegt</translation>
    </message>
    <message>
        <source>mm from the first slice</source>
        <translation>mm von der ersten Schicht</translation>
    </message>
    <message>
        <source>A scout image. It cannot be used for planning.</source>
        <translation>Ein Übersichtsbild. Es kann nicht zur Planung dienen.</translation>
    </message>
    <message>
        <source>{text} They can be filled in and stay marked.</source>
        <translation>{text} Sie können aufgefüllt werden und bleiben gekennzeichnet.</translation>
    </message>
    <message>
        <source>{modality} is no volume.</source>
        <translation>{modality} ist kein Volumen.</translation>
    </message>
    <message>
        <source>Field of view</source>
        <translation>Bildfeld</translation>
    </message>
    <message>
        <source>Orientation</source>
        <translation>Lage</translation>
    </message>
    <message>
        <source>Spacing</source>
        <translation>Abstand der Schichten</translation>
    </message>
    <message numerus="yes">
        <source>even, checked on %n slice(s)</source>
        <translation>
            <numerusform>gleichmäßig, geprüft an %n Schicht</numerusform>
            <numerusform>gleichmäßig, geprüft an %n Schichten</numerusform>
        </translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>{modality} study</source>
        <translation>{modality}-Untersuchung</translation>
    </message>
    <message>
        <source>even, checked on {count_text}</source>
        <translation type="vanished">gleichmäßig, geprüft an {count_text}</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>sagittal</source>
        <translation>sagittal</translation>
    </message>
    <message>
        <source>coronal</source>
        <translation>koronal</translation>
    </message>
    <message>
        <source>axial</source>
        <translation>axial</translation>
    </message>
    <message>
        <source>{name}, oblique</source>
        <translation>{name}, schräg</translation>
    </message>
    <message>
        <source>Several patients</source>
        <translation>Mehrere Patienten</translation>
    </message>
    <message>
        <source>Several studies</source>
        <translation>Mehrere Untersuchungen</translation>
    </message>
    <message>
        <source>{pop} study</source>
        <translation type="vanished">{pop}-Untersuchung</translation>
    </message>
    <message>
        <source>Heart sample</source>
        <translation>Beispiel Herz</translation>
    </message>
    <message>
        <source>TAVR, step by step</source>
        <translation>TAVR, Schritt für Schritt</translation>
    </message>
    <message>
        <source>Liver sample</source>
        <translation>Beispiel Leber</translation>
    </message>
    <message>
        <source>Resection and margin</source>
        <translation>Resektion und Rand</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Drop a study here</source>
        <translation>Untersuchung hier ablegen</translation>
    </message>
    <message>
        <source>A folder, a zip, a CD, single files, or a case.</source>
        <translation>Ein Ordner, ein Zip, eine CD, einzelne Dateien oder ein Fall.</translation>
    </message>
    <message>
        <source>DICOM, NIfTI, NRRD and MHA are read.</source>
        <translation>DICOM, NIfTI, NRRD und MHA werden gelesen.</translation>
    </message>
    <message>
        <source>Open a folder with a study</source>
        <translation>Einen Ordner mit einer Untersuchung öffnen</translation>
    </message>
    <message>
        <source>Open a case</source>
        <translation>Einen Fall öffnen</translation>
    </message>
    <message>
        <source>Open a folder with a study (Ctrl+Shift+O)</source>
        <translation type="vanished">Einen Ordner mit einer Untersuchung öffnen (Strg+Umschalt+O)</translation>
    </message>
    <message>
        <source>Open a case (Ctrl+O)</source>
        <translation type="vanished">Einen Fall öffnen (Strg+O)</translation>
    </message>
    <message>
        <source>Open a scan that is one file, or a zip</source>
        <translation>Einen Scan als einzelne Datei oder ein Zip öffnen</translation>
    </message>
    <message>
        <source>Names and numbers are removed on import unless you keep them.</source>
        <translation>Namen und Nummern werden beim Import entfernt, außer sie sollen bleiben.</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>No structure of this case fits.</source>
        <translation>Keine Struktur dieses Falls passt.</translation>
    </message>
    <message>
        <source>Preparing the {kind}…</source>
        <translation>Vorbereitung läuft: {kind} …</translation>
    </message>
    <message>
        <source>Cases that you open are listed here.</source>
        <translation>Geöffnete Fälle stehen hier.</translation>
    </message>
    <message>
        <source>Try a sample</source>
        <translation>Ein Beispiel ausprobieren</translation>
    </message>
    <message>
        <source>Show fewer</source>
        <translation>Weniger zeigen</translation>
    </message>
    <message>
        <source>Drawing a case</source>
        <translation>Fall wird gezeichnet</translation>
    </message>
    <message>
        <source>Meshing {display}</source>
        <translation>{display} wird vernetzt</translation>
    </message>
    <message>
        <source>Undone: {title}</source>
        <translation>Rückgängig gemacht: {title}</translation>
    </message>
    <message>
        <source>Done again: {title}</source>
        <translation>Wiederholt: {title}</translation>
    </message>
    <message>
        <source>Nothing leaves this computer.</source>
        <translation>Nichts verlässt diesen Rechner.</translation>
    </message>
    <message>
        <source>about {count}&#x202f;s left</source>
        <translation>noch etwa {count}&#x202f;s</translation>
    </message>
    <message>
        <source>about {count}&#x202f;min left</source>
        <translation>noch etwa {count}&#x202f;min</translation>
    </message>
    <message>
        <source>Receiving</source>
        <translation>Empfang an</translation>
    </message>
    <message numerus="yes">
        <source>CPU, %n core(s)</source>
        <translation>
            <numerusform>CPU, %n Kern</numerusform>
            <numerusform>CPU, %n Kerne</numerusform>
        </translation>
    </message>
    <message>
        <source>Shortcuts, F1</source>
        <translation type="vanished">Tastenkürzel, F1</translation>
    </message>
    <message>
        <source>Shortcuts (F1)</source>
        <translation type="vanished">Tastenkürzel (F1)</translation>
    </message>
    <message>
        <source>Open to read</source>
        <translation>Nur zum Lesen</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Saved {when:%H:%M}</source>
        <translation>Gespeichert {when:%H:%M}</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n weitere</numerusform>
            <numerusform>%n weitere</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n fehlgeschlagen</numerusform>
            <numerusform>%n fehlgeschlagen</numerusform>
        </translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>· {count} more</source>
        <translation type="vanished">· {count} weitere</translation>
    </message>
    <message>
        <source>Bones and lungs</source>
        <translation>Knochen und Lungen</translation>
    </message>
    <message>
        <source>Found by the program</source>
        <translation>Vom Programm gefunden</translation>
    </message>
    <message>
        <source>Drawn by hand</source>
        <translation>Von Hand gezeichnet</translation>
    </message>
    <message>
        <source>Changed by hand</source>
        <translation>Von Hand geändert</translation>
    </message>
    <message>
        <source>sure</source>
        <translation>sicher</translation>
    </message>
    <message>
        <source>check</source>
        <translation>prüfen</translation>
    </message>
    <message>
        <source>do not use</source>
        <translation>nicht nutzen</translation>
    </message>
    <message>
        <source>Found by {model}, changed by hand</source>
        <translation>Von {model} gefunden, von Hand geändert</translation>
    </message>
    <message>
        <source>Found by {model}</source>
        <translation>Gefunden von {model}</translation>
    </message>
    <message>
        <source>{word}, {percent} % likely right</source>
        <translation>{word}, zu {percent} % wohl richtig</translation>
    </message>
    <message>
        <source>Trust: {word}</source>
        <translation>Verlässlichkeit: {word}</translation>
    </message>
    <message>
        <source>Trust before the change: {word}</source>
        <translation>Verlässlichkeit vor der Änderung: {word}</translation>
    </message>
    <message>
        <source>In 9 of 10 cases between {low} and {high}</source>
        <translation>In 9 von 10 Fällen zwischen {low} und {high}</translation>
    </message>
    <message>
        <source>{percent} % likely right</source>
        <translation>zu {percent} % wohl richtig</translation>
    </message>
    <message>
        <source>Made at {phase}; other phases show it unchanged</source>
        <translation>Erstellt bei {phase}; andere Phasen zeigen sie unverändert</translation>
    </message>
    <message>
        <source>Find a structure</source>
        <translation>Struktur suchen</translation>
    </message>
    <message>
        <source>Press {key} to measure a distance.</source>
        <translation>{key} misst einen Abstand.</translation>
    </message>
    <message>
        <source>Nothing measured yet.</source>
        <translation>Noch nichts gemessen.</translation>
    </message>
    <message>
        <source>Press D to measure a distance.</source>
        <translation type="vanished">D misst einen Abstand.</translation>
    </message>
    <message>
        <source>Which structures are listed</source>
        <translation>Welche Strukturen aufgeführt sind</translation>
    </message>
    <message>
        <source>Find structures</source>
        <translation>Strukturen finden</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>Malen</translation>
    </message>
    <message>
        <source>today {then:%H:%M}</source>
        <translation>heute {then:%H:%M}</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>gestern</translation>
    </message>
    <message>
        <source>Jan</source>
        <translation>Jan.</translation>
    </message>
    <message>
        <source>Feb</source>
        <translation>Feb.</translation>
    </message>
    <message>
        <source>Mar</source>
        <translation>März</translation>
    </message>
    <message>
        <source>Apr</source>
        <translation>Apr.</translation>
    </message>
    <message>
        <source>May</source>
        <translation>Mai</translation>
    </message>
    <message>
        <source>Jun</source>
        <translation>Juni</translation>
    </message>
    <message>
        <source>Jul</source>
        <translation>Juli</translation>
    </message>
    <message>
        <source>Aug</source>
        <translation>Aug.</translation>
    </message>
    <message>
        <source>Sep</source>
        <translation>Sept.</translation>
    </message>
    <message>
        <source>Oct</source>
        <translation>Okt.</translation>
    </message>
    <message>
        <source>Nov</source>
        <translation>Nov.</translation>
    </message>
    <message>
        <source>Dec</source>
        <translation>Dez.</translation>
    </message>
    <message>
        <source>{day} {month} {year}</source>
        <translation>{day}. {month} {year}</translation>
    </message>
    <message>
        <source>{day} {month}</source>
        <translation>{day}. {month}</translation>
    </message>
    <message>
        <source>y</source>
        <comment>years of age</comment>
        <translation>J.</translation>
    </message>
    <message>
        <source>months</source>
        <translation>Monate</translation>
    </message>
    <message>
        <source>weeks</source>
        <translation>Wochen</translation>
    </message>
    <message>
        <source>days</source>
        <translation>Tage</translation>
    </message>
    <message>
        <source>Stored earlier</source>
        <translation>Früher gespeichert</translation>
    </message>
    <message>
        <source>Enclosed structure</source>
        <translation>Eingeschlossene Struktur</translation>
    </message>
    <message>
        <source>Thin walls accepted</source>
        <translation>Dünne Wände so übernommen</translation>
    </message>
    <message>
        <source>Loose parts accepted</source>
        <translation>Lose Teile so übernommen</translation>
    </message>
    <message>
        <source>Faults accepted</source>
        <translation>Mängel so übernommen</translation>
    </message>
    <message>
        <source>Filled slices</source>
        <translation>Ergänzte Schichten</translation>
    </message>
    <message>
        <source>Lost slices</source>
        <translation>Verlorene Schichten</translation>
    </message>
    <message>
        <source>Tilted scan</source>
        <translation>Geneigte Aufnahme</translation>
    </message>
    <message>
        <source>Hinge order</source>
        <translation>Reihenfolge der Hinge-Punkte</translation>
    </message>
    <message>
        <source>Access</source>
        <translation>Zugang</translation>
    </message>
    <message>
        <source>Coronary height</source>
        <translation>Koronarabstand</translation>
    </message>
    <message>
        <source>Sinotubular junction</source>
        <translation>Sinutubulärer Übergang</translation>
    </message>
    <message>
        <source>Image values</source>
        <translation>Bildwerte</translation>
    </message>
    <message>
        <source>Annulus edge</source>
        <translation>Rand des Anulus</translation>
    </message>
    <message>
        <source>Two estimates</source>
        <translation>Zwei Schätzungen</translation>
    </message>
    <message>
        <source>Cusp names</source>
        <translation>Namen der Taschen</translation>
    </message>
    <message>
        <source>Leaflets</source>
        <translation>Segel</translation>
    </message>
    <message>
        <source>Outflow tract</source>
        <translation>Ausflusstrakt</translation>
    </message>
    <message>
        <source>Root at the scan’s edge</source>
        <translation>Wurzel am Rand des Scans</translation>
    </message>
    <message>
        <source>Image quality</source>
        <translation>Bildqualität</translation>
    </message>
    <message>
        <source>Moved point</source>
        <translation>Verschobener Punkt</translation>
    </message>
    <message>
        <source>Open section</source>
        <translation>Offener Querschnitt</translation>
    </message>
    <message>
        <source>Body surface</source>
        <translation>Körperoberfläche</translation>
    </message>
    <message>
        <source>Small remnant</source>
        <translation>Kleiner Leberrest</translation>
    </message>
    <message>
        <source>Occluded remnant</source>
        <translation>Verschlossener Leberrest</translation>
    </message>
    <message>
        <source>Segments</source>
        <translation>Segmente</translation>
    </message>
    <message>
        <source>Renal sinus</source>
        <translation>Nierensinus</translation>
    </message>
    <message>
        <source>Renal artery</source>
        <translation>Nierenarterie</translation>
    </message>
    <message>
        <source>Clamps</source>
        <translation>Klemmen</translation>
    </message>
    <message>
        <source>Bicuspid valve</source>
        <translation>Bikuspide Klappe</translation>
    </message>
    <message>
        <source>Coronaries</source>
        <translation>Koronararterien</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>Hier</translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) here</source>
        <translation>
            <numerusform>%n Bild hier</numerusform>
            <numerusform>%n Bilder hier</numerusform>
        </translation>
    </message>
    <message>
        <source>{count} of {whole} here</source>
        <translation>{count} von {whole} hier</translation>
    </message>
    <message>
        <source>No name</source>
        <translation>Kein Name</translation>
    </message>
    <message>
        <source>female</source>
        <translation>weiblich</translation>
    </message>
    <message>
        <source>male</source>
        <translation>männlich</translation>
    </message>
    <message>
        <source>Born</source>
        <translation>Geboren</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>Accession</source>
        <translation>Auftragsnr.</translation>
    </message>
    <message>
        <source>Series {number}</source>
        <translation>Serie {number}</translation>
    </message>
    <message>
        <source>No. {number}</source>
        <translation>Nr. {number}</translation>
    </message>
    <message>
        <source>other</source>
        <translation>divers</translation>
    </message>
    <message>
        <source>hinge N</source>
        <translation>Hinge-Punkt N</translation>
    </message>
    <message>
        <source>hinge R</source>
        <translation>Hinge-Punkt R</translation>
    </message>
    <message>
        <source>hinge L</source>
        <translation>Hinge-Punkt L</translation>
    </message>
    <message>
        <source>left ostium</source>
        <translation>linkes Ostium</translation>
    </message>
    <message>
        <source>right ostium</source>
        <translation>rechtes Ostium</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>kernel {kernel}</source>
        <translation>Kernel {kernel}</translation>
    </message>
    <message numerus="yes">
        <source>%n slice(s) interpolated, marked in the case</source>
        <translation>
            <numerusform>%n Schicht interpoliert, im Fall vermerkt</numerusform>
            <numerusform>%n Schichten interpoliert, im Fall vermerkt</numerusform>
        </translation>
    </message>
    <message>
        <source>one voxel grid, no gaps, no tilt</source>
        <translation>ein Voxelgitter, ohne Lücken, ohne Neigung</translation>
    </message>
    <message>
        <source>{case} · plan “{name}”, state {state} · {count} steps · image sha256 {digest}</source>
        <translation>{case} · Plan „{name}“, Stand {state} · {count} Schritte · Bild sha256 {digest}</translation>
    </message>
    <message>
        <source>{years} y</source>
        <translation>{years} J.</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>Theatrum {version}, definitions version {definitions}</source>
        <translation>Theatrum {version}, Definitionen Version {definitions}</translation>
    </message>
    <message>
        <source>Plan made</source>
        <translation>Plan erstellt</translation>
    </message>
    <message>
        <source>{when} UTC, {source}</source>
        <translation>{when} UTC, {source}</translation>
    </message>
    <message>
        <source>Case state</source>
        <translation>Stand des Falls</translation>
    </message>
    <message>
        <source>{state}, {count} steps, chain unbroken</source>
        <translation>{state}, {count} Schritte, Kette lückenlos</translation>
    </message>
    <message>
        <source>Measured by</source>
        <translation>Gemessen von</translation>
    </message>
    <message>
        <source>version {version}</source>
        <translation>Version {version}</translation>
    </message>
    <message>
        <source>no open warning</source>
        <translation>keine offene Warnung</translation>
    </message>
    <message>
        <source>Theatrum report</source>
        <translation>Theatrum-Bericht</translation>
    </message>
    <message>
        <source>Research use only, not a medical device</source>
        <translation>Nur für Forschungszwecke, kein Medizinprodukt</translation>
    </message>
    <message>
        <source>Where each number comes from</source>
        <translation>Woher jede Zahl kommt</translation>
    </message>
    <message>
        <source>A automatic · E edited by hand · G given · u from: {letters}</source>
        <translation>A automatisch · E bearbeitet · G vorgegeben · u aus: {letters}</translation>
    </message>
    <message>
        <source>{title}: details</source>
        <translation>{title}: Einzelheiten</translation>
    </message>
    <message>
        <source>All notes</source>
        <translation>Alle Hinweise</translation>
    </message>
    <message>
        <source>Further notes</source>
        <translation>Weitere Hinweise</translation>
    </message>
    <message>
        <source>Research use only</source>
        <translation>Nur für Forschungszwecke</translation>
    </message>
    <message>
        <source>Not a medical device</source>
        <translation>Kein Medizinprodukt</translation>
    </message>
    <message>
        <source>Page {page} of {pages}</source>
        <translation>Seite {page} von {pages}</translation>
    </message>
    <message>
        <source>Definitions and origin of each number: page 2</source>
        <translation>Definition und Herkunft jeder Zahl: Seite 2</translation>
    </message>
    <message>
        <source>{title}, continued</source>
        <translation>{title}, Fortsetzung</translation>
    </message>
    <message>
        <source>from</source>
        <comment>who made a number</comment>
        <translation>Art</translation>
    </message>
    <message>
        <source>all notes at the end of the details</source>
        <translation>alle Hinweise am Ende der Einzelheiten</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Zahl</translation>
    </message>
    <message>
        <source>Definition</source>
        <translation>Definition</translation>
    </message>
    <message>
        <source>Taken at</source>
        <translation>Gemessen bei</translation>
    </message>
    <message>
        <source>Value ± 95 %</source>
        <translation>Wert ± 95 %</translation>
    </message>
    <message>
        <source>Any day</source>
        <translation>Beliebig</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>Letzte 30 Tage</translation>
    </message>
    <message>
        <source>From … to …</source>
        <translation>Von … bis …</translation>
    </message>
    <message>
        <source>Patient’s name</source>
        <translation>Name des Patienten</translation>
    </message>
    <message>
        <source>Begins with; * for any letters</source>
        <translation>Anfang; * für beliebige</translation>
    </message>
    <message>
        <source>Patient ID</source>
        <translation>Patienten-ID</translation>
    </message>
    <message>
        <source>Accession number</source>
        <translation>Auftragsnummer</translation>
    </message>
    <message>
        <source>Study description</source>
        <translation>Beschreibung der Studie</translation>
    </message>
    <message>
        <source>Words in it</source>
        <translation>Wörter daraus</translation>
    </message>
    <message>
        <source>Study date</source>
        <translation>Studiendatum</translation>
    </message>
    <message>
        <source>Modality</source>
        <translation>Modalität</translation>
    </message>
    <message>
        <source>Any</source>
        <comment>modality</comment>
        <translation>Beliebig</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Ask the archive (Enter)</source>
        <translation>Das Archiv fragen (Enter)</translation>
    </message>
    <message>
        <source>Taken at (patient mm)</source>
        <translation>Gemessen bei (Patienten-mm)</translation>
    </message>
    <message>
        <source>Placed and edited by hand</source>
        <translation>Von Hand gesetzt und bearbeitet</translation>
    </message>
    <message>
        <source>All other numbers are as the program found them.</source>
        <translation>Alle anderen Zahlen sind so, wie das Programm sie fand.</translation>
    </message>
    <message>
        <source>All numbers are as the program found them.</source>
        <translation>Alle Zahlen sind so, wie das Programm sie fand.</translation>
    </message>
    <message>
        <source>Program and data</source>
        <translation>Programm und Daten</translation>
    </message>
    <message>
        <source>Second estimate</source>
        <translation>Zweite Schätzung</translation>
    </message>
    <message>
        <source>Limits of this plan</source>
        <translation>Grenzen dieses Plans</translation>
    </message>
    <message>
        <source>Research use only. Not a medical device.</source>
        <translation>Nur für Forschungszwecke. Kein Medizinprodukt.</translation>
    </message>
    <message>
        <source>Research use only. Not a medical device. Every number must be checked by a physician.</source>
        <translation>Nur für Forschungszwecke. Kein Medizinprodukt. Jede Zahl muss von einem Arzt geprüft werden.</translation>
    </message>
    <message>
        <source>together (root of the sum of squares)</source>
        <translation>zusammen (Wurzel der Quadratsumme)</translation>
    </message>
    <message>
        <source>This version makes no second estimate.</source>
        <translation>Diese Version macht keine zweite Schätzung.</translation>
    </message>
    <message>
        <source>e edge, h hinges, s spacing, p phase</source>
        <translation>e Rand, h Hinge-Punkte, s Auflösung, p Phase</translation>
    </message>
    <message>
        <source>Case {label}, {facts}</source>
        <translation>Fall {label}, {facts}</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search commands, Ctrl+K</source>
        <translation type="vanished">Befehle suchen, Strg+K</translation>
    </message>
    <message>
        <source>Search commands (Ctrl+K)</source>
        <translation type="vanished">Befehle suchen (Strg+K)</translation>
    </message>
    <message>
        <source>Measure ({keys})</source>
        <translation>Messen ({keys})</translation>
    </message>
    <message>
        <source>Window preset</source>
        <translation>Fensterung</translation>
    </message>
    <message>
        <source>Window preset (1 to 5, 0 automatic)</source>
        <translation type="vanished">Fensterung (1 bis 5, 0 automatisch)</translation>
    </message>
    <message>
        <source>Choose a series</source>
        <translation>Eine Serie wählen</translation>
    </message>
    <message>
        <source>Brightest in the slab (MIP)</source>
        <translation>Hellstes in der dicken Schicht (MIP)</translation>
    </message>
    <message>
        <source>Darkest in the slab (MinIP)</source>
        <translation>Dunkelstes in der dicken Schicht (MinIP)</translation>
    </message>
    <message>
        <source>Mean of the slab</source>
        <translation>Mittel der dicken Schicht</translation>
    </message>
    <message>
        <source>There is no plan&apos;s plane here yet.</source>
        <translation>Hier gibt es noch keine Ebene eines Plans.</translation>
    </message>
    <message>
        <source>Each plane turns by itself</source>
        <translation>Jede Ebene dreht sich für sich</translation>
    </message>
    <message>
        <source>The planes keep their right angles</source>
        <translation>Die Ebenen behalten ihre rechten Winkel</translation>
    </message>
    <message>
        <source>There is no earlier view.</source>
        <translation>Es gibt keine frühere Ansicht.</translation>
    </message>
    <message>
        <source>There is no later view.</source>
        <translation>Es gibt keine spätere Ansicht.</translation>
    </message>
    <message>
        <source>No slice pane is shown here.</source>
        <translation>Hier ist keine Schichtansicht zu sehen.</translation>
    </message>
    <message>
        <source>{thickness} mm</source>
        <translation>{thickness} mm</translation>
    </message>
    <message>
        <source>Added {name} to the case</source>
        <translation>{name} zum Fall hinzugefügt</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Encrypted</source>
        <translation>Verschlüsselt</translation>
    </message>
    <message>
        <source>Close while work is running?</source>
        <translation>Schließen, während Arbeit läuft?</translation>
    </message>
    <message>
        <source>“{title}” is not done and would have to start again. Everything else is saved.</source>
        <translation>„{title}“ ist nicht fertig und müsste neu beginnen. Alles andere ist gespeichert.</translation>
    </message>
    <message>
        <source>Something went wrong. Nothing was lost; the log tells where.</source>
        <translation>Etwas ging schief. Nichts ging verloren; das Protokoll sagt, wo.</translation>
    </message>
    <message>
        <source>Whole image</source>
        <translation>Ganzes Bild</translation>
    </message>
    <message>
        <source>{name}, lower value</source>
        <translation>{name}, unterer Wert</translation>
    </message>
    <message>
        <source>{name}, upper value</source>
        <translation>{name}, oberer Wert</translation>
    </message>
    <message>
        <source>{name} these values ({key})</source>
        <translation>{name} diese Werte ({key})</translation>
    </message>
    <message>
        <source>to</source>
        <translation>bis</translation>
    </message>
    <message>
        <source>{name}, histogram</source>
        <translation>{name}, Histogramm</translation>
    </message>
    <message>
        <source>It is locked</source>
        <translation>Sie ist gesperrt</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <source>Disc</source>
        <translation>Scheibe</translation>
    </message>
    <message>
        <source>A disc in the slice (D)</source>
        <translation>Eine Scheibe in der Schicht (D)</translation>
    </message>
    <message>
        <source>Ball</source>
        <translation>Kugel</translation>
    </message>
    <message>
        <source>A ball through the slices (D)</source>
        <translation>Eine Kugel durch die Schichten (D)</translation>
    </message>
    <message>
        <source>Only between</source>
        <translation>Nur zwischen</translation>
    </message>
    <message>
        <source>Stop at edges</source>
        <translation>An Rändern anhalten</translation>
    </message>
    <message>
        <source>Stay in the tissue where the stroke began</source>
        <translation>Im Gewebe bleiben, in dem der Strich begann</translation>
    </message>
    <message>
        <source>Paint over</source>
        <translation>Malen über</translation>
    </message>
    <message>
        <source>everything, it gives way</source>
        <translation>alles, es weicht</translation>
    </message>
    <message>
        <source>empty places</source>
        <translation>leere Stellen</translation>
    </message>
    <message>
        <source>everything</source>
        <translation>alles</translation>
    </message>
    <message>
        <source>paint over: {over}</source>
        <translation>übermalen: {over}</translation>
    </message>
    <message>
        <source>only values from {low} to {high} HU</source>
        <translation>nur Werte von {low} bis {high} HU</translation>
    </message>
    <message>
        <source>Nothing here may be erased: {why}.</source>
        <translation>Hier kann nichts radiert werden: {why}.</translation>
    </message>
    <message>
        <source>Nothing here may be painted: {why}.</source>
        <translation>Hier kann nichts gemalt werden: {why}.</translation>
    </message>
    <message>
        <source>{words} (paint over: {over})</source>
        <translation>{words} (übermalen: {over})</translation>
    </message>
    <message>
        <source>empty and {small}</source>
        <translation>leer und {small}</translation>
    </message>
    <message>
        <source>only inside {small}</source>
        <translation>nur innerhalb von {small}</translation>
    </message>
    <message>
        <source>Between</source>
        <translation>Zwischen</translation>
    </message>
    <message>
        <source>Where to look</source>
        <translation>Wo gesucht wird</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>It takes the place of what is there</source>
        <translation>Es tritt an die Stelle dessen, was da ist</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>It is added to what is there</source>
        <translation>Es kommt zu dem hinzu, was da ist</translation>
    </message>
    <message>
        <source>Ctrl+Shift+click takes the value under the hand.</source>
        <translation>Strg+Umschalt+Klick nimmt den Wert unter der Hand.</translation>
    </message>
    <message>
        <source>Look in</source>
        <translation>Suchen in</translation>
    </message>
    <message>
        <source>Outline</source>
        <translation>Umriss</translation>
    </message>
    <message>
        <source>Draw round it and let go</source>
        <translation>Umfahren und loslassen</translation>
    </message>
    <message>
        <source>Corners</source>
        <translation>Ecken</translation>
    </message>
    <message>
        <source>Click corners, double-click or Enter closes</source>
        <translation>Ecken anklicken, Doppelklick oder Enter schließt</translation>
    </message>
    <message>
        <source>Inside the outline</source>
        <translation>Innerhalb des Umrisses</translation>
    </message>
    <message>
        <source>What lies inside goes</source>
        <translation>Was innen liegt, geht</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>What lies outside goes (Shift while drawing)</source>
        <translation>Was außen liegt, geht (Umschalt beim Zeichnen)</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>Füllen</translation>
    </message>
    <message>
        <source>What lies inside is added</source>
        <translation>Was innen liegt, kommt hinzu</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>Tiefe</translation>
    </message>
    <message>
        <source>Through all</source>
        <translation>Durch alles</translation>
    </message>
    <message>
        <source>Through all slices</source>
        <translation>Durch alle Schichten</translation>
    </message>
    <message>
        <source>Near the slice</source>
        <translation>Nahe der Schicht</translation>
    </message>
    <message>
        <source>Only so far from the slice</source>
        <translation>Nur so weit von der Schicht</translation>
    </message>
    <message>
        <source>To both sides</source>
        <translation>Nach beiden Seiten</translation>
    </message>
    <message>
        <source>Draw in a slice, or round a part in 3D: what would go is red there until Enter.</source>
        <translation>In einer Schicht zeichnen oder ein Teil in 3D umfahren: was ginge, ist dort bis Enter rot.</translation>
    </message>
    <message>
        <source>The largest part stays.</source>
        <translation>Das größte Teil bleibt.</translation>
    </message>
    <message>
        <source>Click the part that stays.</source>
        <translation>Das Teil anklicken, das bleibt.</translation>
    </message>
    <message>
        <source>Click the part that goes.</source>
        <translation>Das Teil anklicken, das geht.</translation>
    </message>
    <message>
        <source>Parts below this volume go.</source>
        <translation>Teile unter diesem Volumen gehen.</translation>
    </message>
    <message>
        <source>Each part becomes a structure of its own, parts below this volume go.</source>
        <translation>Jedes Teil wird eine eigene Struktur, Teile unter diesem Volumen gehen.</translation>
    </message>
    <message>
        <source>What to do with islands</source>
        <translation>Was mit Inseln geschieht</translation>
    </message>
    <message>
        <source>Smaller than</source>
        <translation>Kleiner als</translation>
    </message>
    <message>
        <source>Islands</source>
        <translation>Inseln</translation>
    </message>
    <message>
        <source>Keep the largest</source>
        <translation>Das größte behalten</translation>
    </message>
    <message>
        <source>Keep the one clicked</source>
        <translation>Das angeklickte behalten</translation>
    </message>
    <message>
        <source>Remove the one clicked</source>
        <translation>Das angeklickte entfernen</translation>
    </message>
    <message>
        <source>Remove small ones</source>
        <translation>Kleine entfernen</translation>
    </message>
    <message>
        <source>One structure each</source>
        <translation>Je eine Struktur</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Grow</source>
        <translation>Wachsen</translation>
    </message>
    <message>
        <source>Outwards</source>
        <translation>Nach außen</translation>
    </message>
    <message>
        <source>Shrink</source>
        <translation>Schrumpfen</translation>
    </message>
    <message>
        <source>Inwards</source>
        <translation>Nach innen</translation>
    </message>
    <message>
        <source>By</source>
        <comment>a length</comment>
        <translation>Um</translation>
    </message>
    <message>
        <source>Takes spikes and pits away, edges stay.</source>
        <translation>Nimmt Spitzen und Gruben weg, Kanten bleiben.</translation>
    </message>
    <message>
        <source>Rounds all edges.</source>
        <translation>Rundet alle Kanten.</translation>
    </message>
    <message>
        <source>Takes thin bridges and spikes away.</source>
        <translation>Nimmt dünne Brücken und Spitzen weg.</translation>
    </message>
    <message>
        <source>Fills thin gaps and pits.</source>
        <translation>Füllt dünne Spalten und Gruben.</translation>
    </message>
    <message>
        <source>Round</source>
        <translation>Rund</translation>
    </message>
    <message>
        <source>Neighbours that are smoothed with it</source>
        <translation>Nachbarn, die mit ihr geglättet werden</translation>
    </message>
    <message>
        <source>Together with, without gaps</source>
        <translation>Zusammen mit, ohne Lücken</translation>
    </message>
    <message>
        <source>All are rounded; where they touch they still do.</source>
        <translation>Alle werden gerundet; wo sie sich berühren, berühren sie sich weiter.</translation>
    </message>
    <message>
        <source>Holes</source>
        <translation>Löcher</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Geschlossen</translation>
    </message>
    <message>
        <source>Only holes that are closed on all sides</source>
        <translation>Nur Löcher, die allseits geschlossen sind</translation>
    </message>
    <message>
        <source>Axial</source>
        <translation>Axial</translation>
    </message>
    <message>
        <source>Holes in axial slices</source>
        <translation>Löcher in axialen Schichten</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>Koronal</translation>
    </message>
    <message>
        <source>Holes in coronal slices</source>
        <translation>Löcher in koronalen Schichten</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>Sagittal</translation>
    </message>
    <message>
        <source>Holes in sagittal slices</source>
        <translation>Löcher in sagittalen Schichten</translation>
    </message>
    <message>
        <source>Paint every few slices; those between them follow the shape of both neighbours.</source>
        <translation>Alle paar Schichten malen; die dazwischen folgen der Form beider Nachbarn.</translation>
    </message>
    <message>
        <source>Painted slices</source>
        <translation>Gemalte Schichten</translation>
    </message>
    <message>
        <source>The painted slices are axial</source>
        <translation>Die gemalten Schichten sind axial</translation>
    </message>
    <message>
        <source>The painted slices are coronal</source>
        <translation>Die gemalten Schichten sind koronal</translation>
    </message>
    <message>
        <source>The painted slices are sagittal</source>
        <translation>Die gemalten Schichten sind sagittal</translation>
    </message>
    <message>
        <source>Paint a little of each structure, and one for what is neither. They grow until they meet.</source>
        <translation>Von jeder Struktur ein wenig malen, und eine für das, was keine ist. Sie wachsen, bis sie sich treffen.</translation>
    </message>
    <message>
        <source>Beyond all that is painted</source>
        <translation type="vanished">Jenseits von allem, was gemalt ist</translation>
    </message>
    <message>
        <source>Structures that grow together</source>
        <translation>Strukturen, die zusammen wachsen</translation>
    </message>
    <message>
        <source>Nothing is painted of it</source>
        <translation>Davon ist nichts gemalt</translation>
    </message>
    <message>
        <source>In whole voxels: {x} × {y} × {z} mm</source>
        <translation>In ganzen Voxeln: {x} × {y} × {z} mm</translation>
    </message>
    <message>
        <source>Around the paint</source>
        <translation>Um das Gemalte</translation>
    </message>
    <message>
        <source>So large a part is grown on coarser voxels: its borders will be smoother than the voxels.</source>
        <translation>Ein so großer Teil wächst auf gröberen Voxeln: seine Ränder werden glatter als die Voxel.</translation>
    </message>
    <message>
        <source>What belongs to either.</source>
        <translation>Was zu einer von beiden gehört.</translation>
    </message>
    <message>
        <source>What belongs to it and not to the other one.</source>
        <translation>Was zu ihr gehört und nicht zur anderen.</translation>
    </message>
    <message>
        <source>What belongs to both.</source>
        <translation>Was zu beiden gehört.</translation>
    </message>
    <message>
        <source>What of the other one is not in it.</source>
        <translation>Was von der anderen nicht in ihr ist.</translation>
    </message>
    <message>
        <source>Subtract</source>
        <translation>Abziehen</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>Beide</translation>
    </message>
    <message>
        <source>Rest</source>
        <translation>Rest</translation>
    </message>
    <message>
        <source>The other structure</source>
        <translation>Die andere Struktur</translation>
    </message>
    <message>
        <source>Choose one</source>
        <translation>Eine wählen</translation>
    </message>
    <message>
        <source>Wall lies</source>
        <translation>Wand liegt</translation>
    </message>
    <message>
        <source>The surface stays, the wall lies within it</source>
        <translation>Die Oberfläche bleibt, die Wand liegt darin</translation>
    </message>
    <message>
        <source>Centred</source>
        <translation>Mittig</translation>
    </message>
    <message>
        <source>Half to both sides of the surface</source>
        <translation>Je zur Hälfte beiderseits der Oberfläche</translation>
    </message>
    <message>
        <source>Outside</source>
        <translation>Außen</translation>
    </message>
    <message>
        <source>The wall lies outside the surface</source>
        <translation>Die Wand liegt außerhalb der Oberfläche</translation>
    </message>
    <message>
        <source>Measuring the plan again</source>
        <translation>Der Plan wird neu gemessen</translation>
    </message>
    <message>
        <source>{title} deleted</source>
        <translation>{title} gelöscht</translation>
    </message>
    <message>
        <source>Annulus plane</source>
        <translation>Anulusebene</translation>
    </message>
    <message>
        <source>Hinge points</source>
        <translation>Hinge-Punkte</translation>
    </message>
    <message>
        <source>Coronary ostia</source>
        <translation>Koronarostien</translation>
    </message>
    <message>
        <source>Long axis 1</source>
        <translation>Längsachse 1</translation>
    </message>
    <message>
        <source>Long axis 2</source>
        <translation>Längsachse 2</translation>
    </message>
    <message>
        <source>Cut plane</source>
        <translation>Schnittebene</translation>
    </message>
    <message>
        <source>Across 1</source>
        <translation>Quer 1</translation>
    </message>
    <message>
        <source>Across 2</source>
        <translation>Quer 2</translation>
    </message>
    <message>
        <source>Measured plane</source>
        <translation>Gemessene Ebene</translation>
    </message>
    <message>
        <source>Cusp level</source>
        <translation>Taschenhöhe</translation>
    </message>
    <message>
        <source>Root axis 1</source>
        <translation>Wurzelachse 1</translation>
    </message>
    <message>
        <source>Root axis 2</source>
        <translation>Wurzelachse 2</translation>
    </message>
    <message>
        <source>Measuring the vessel again</source>
        <translation>Das Gefäß wird neu gemessen</translation>
    </message>
    <message>
        <source>Vessel plan deleted</source>
        <translation>Gefäßplan gelöscht</translation>
    </message>
    <message>
        <source>Centreline</source>
        <translation>Mittellinie</translation>
    </message>
    <message>
        <source>Section</source>
        <translation>Querschnitt</translation>
    </message>
    <message>
        <source>Ends</source>
        <translation>Enden</translation>
    </message>
    <message>
        <source>Along 1</source>
        <translation>Längs 1</translation>
    </message>
    <message>
        <source>Along 2</source>
        <translation>Längs 2</translation>
    </message>
    <message>
        <source>MinIP</source>
        <translation>MinIP</translation>
    </message>
    <message>
        <source>{title}, {position}, crosshair at {place}</source>
        <translation>{title}, {position}, Fadenkreuz bei {place}</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>{title}, turned</source>
        <translation>{title}, gedreht</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>Position</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>Winkel</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Zentrum</translation>
    </message>
    <message>
        <source>{title}, {replace}, crosshair at {cross_mm}</source>
        <translation type="vanished">{title}, {replace}, Fadenkreuz bei {cross_mm}</translation>
    </message>
    <message>
        <source>Axial slice</source>
        <translation>Axiale Schicht</translation>
    </message>
    <message>
        <source>Coronal slice</source>
        <translation>Koronale Schicht</translation>
    </message>
    <message>
        <source>Sagittal slice</source>
        <translation>Sagittale Schicht</translation>
    </message>
    <message>
        <source>Preparing the image for 3D</source>
        <translation>Bild für 3D wird vorbereitet</translation>
    </message>
    <message>
        <source>Drag points, double-click adds one, Delete removes it. Shift+drag moves all. Ctrl+Z takes back.</source>
        <translation>Punkte ziehen, Doppelklick fügt einen hinzu, Entf entfernt ihn. Umschalt+Ziehen bewegt alle. Strg+Z nimmt zurück.</translation>
    </message>
    <message>
        <source>Transfer function</source>
        <translation>Übertragungsfunktion</translation>
    </message>
    <message>
        <source>Transfer function, point {number} of {count}: {hu} HU, opacity {opacity} percent</source>
        <translation>Übertragungsfunktion, Punkt {number} von {count}: {hu} HU, Deckkraft {opacity} Prozent</translation>
    </message>
    <message>
        <source>Show the image to edit its look</source>
        <translation>Das Bild zeigen, um sein Aussehen zu bearbeiten</translation>
    </message>
    <message>
        <source>shown</source>
        <translation>sichtbar</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>ausgeblendet</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>gesperrt</translation>
    </message>
    <message>
        <source>Show only these (J)</source>
        <translation type="vanished">Nur diese zeigen (J)</translation>
    </message>
    <message>
        <source>Delete (Del)</source>
        <translation type="vanished">Löschen (Entf)</translation>
    </message>
    <message>
        <source>Show over the first image (Shift+O)</source>
        <translation type="vanished">Über dem ersten Bild zeigen (Umschalt+O)</translation>
    </message>
    <message>
        <source>Show over the first image</source>
        <translation>Über dem ersten Bild zeigen</translation>
    </message>
    <message>
        <source>Both images are beside each other now. Choose another layout to see one over the other.</source>
        <translation>Beide Bilder stehen jetzt nebeneinander. Eine andere Anordnung wählen, um eines über dem anderen zu sehen.</translation>
    </message>
    <message>
        <source>Colours of the second image</source>
        <translation>Farben des zweiten Bildes</translation>
    </message>
    <message>
        <source>More about the second image</source>
        <translation>Mehr zum zweiten Bild</translation>
    </message>
    <message>
        <source>Opacity of the second image</source>
        <translation>Deckkraft des zweiten Bildes</translation>
    </message>
    <message>
        <source>Not registered</source>
        <translation>Nicht registriert</translation>
    </message>
    <message>
        <source>The scans have different frames of reference: the patient may have moved in between. They lie over each other by their coordinates only.</source>
        <translation>Die Scans haben verschiedene Bezugssysteme: der Patient kann sich dazwischen bewegt haben. Sie liegen nur nach ihren Koordinaten übereinander.</translation>
    </message>
    <message>
        <source>Frame not known</source>
        <translation>Bezugssystem nicht bekannt</translation>
    </message>
    <message>
        <source>The files do not say whether both scans lie in one frame of reference. They lie over each other by their coordinates only.</source>
        <translation>Die Dateien sagen nicht, ob beide Scans in einem Bezugssystem liegen. Sie liegen nur nach ihren Koordinaten übereinander.</translation>
    </message>
    <message>
        <source>Second image</source>
        <translation>Zweites Bild</translation>
    </message>
    <message>
        <source>Solid</source>
        <comment>a look</comment>
        <translation>Deckend</translation>
    </message>
    <message>
        <source>Clear</source>
        <comment>a look</comment>
        <translation>Klar</translation>
    </message>
    <message>
        <source>Glass</source>
        <comment>a look</comment>
        <translation>Glas</translation>
    </message>
    <message>
        <source>Parting the liver&apos;s picture</source>
        <translation>Das Bild der Leber wird zerlegt</translation>
    </message>
    <message>
        <source>{organ}
face {number}</source>
        <translation>{organ}
Fläche {number}</translation>
    </message>
    <message>
        <source>Parts moved apart {apart_mm}&#x202f;mm</source>
        <translation>Teile um {apart_mm}&#x202f;mm auseinandergezogen</translation>
    </message>
    <message>
        <source>How clear the liver is in 3D</source>
        <translation>Wie durchsichtig die Leber in 3D ist</translation>
    </message>
    <message>
        <source>Opacity of the liver in 3D, percent</source>
        <translation>Deckkraft der Leber in 3D, Prozent</translation>
    </message>
    <message>
        <source>How far the parts are moved apart in 3D, millimetres</source>
        <translation>Wie weit die Teile in 3D auseinandergezogen sind, Millimeter</translation>
    </message>
    <message>
        <source>Parts apart</source>
        <translation>Teile auseinander</translation>
    </message>
    <message>
        <source>3D picture</source>
        <translation>3D-Bild</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>Window of the first image</source>
        <translation>Fensterung des ersten Bildes</translation>
    </message>
    <message>
        <source>Remove from the case</source>
        <translation>Aus dem Fall entfernen</translation>
    </message>
    <message>
        <source>Show only these</source>
        <translation>Nur diese zeigen</translation>
    </message>
    <message>
        <source>Opacity of the chosen structures</source>
        <translation>Deckkraft der gewählten Strukturen</translation>
    </message>
    <message>
        <source>{count} chosen</source>
        <translation>{count} gewählt</translation>
    </message>
    <message>
        <source>Unlock: tools may change it</source>
        <translation>Freigeben: Werkzeuge dürfen sie ändern</translation>
    </message>
    <message>
        <source>Lock: no tool changes it</source>
        <translation>Sperren: kein Werkzeug ändert sie</translation>
    </message>
    <message>
        <source>Unlock: tools may change it (Ctrl+Shift+L)</source>
        <translation type="vanished">Freigeben: Werkzeuge dürfen sie ändern (Strg+Umschalt+L)</translation>
    </message>
    <message>
        <source>Lock: no tool changes it (Ctrl+Shift+L)</source>
        <translation type="vanished">Sperren: kein Werkzeug ändert sie (Strg+Umschalt+L)</translation>
    </message>
    <message>
        <source>Locked: unlock it to delete it</source>
        <translation>Gesperrt: zum Löschen freigeben</translation>
    </message>
    <message>
        <source>3D view</source>
        <translation>3D-Ansicht</translation>
    </message>
    <message>
        <source>Back to the plan (Esc)</source>
        <translation>Zurück zum Plan (Esc)</translation>
    </message>
    <message>
        <source>Save as my preset</source>
        <translation>Als eigene Vorlage speichern</translation>
    </message>
    <message>
        <source>A name that is there already is replaced.</source>
        <translation>Ein Name, den es schon gibt, wird ersetzt.</translation>
    </message>
    <message>
        <source>Preset {name} is saved</source>
        <translation>Vorlage {name} ist gespeichert</translation>
    </message>
    <message>
        <source>The preset is removed; the picture stays as it is</source>
        <translation>Die Vorlage ist entfernt; das Bild bleibt, wie es ist</translation>
    </message>
    <message>
        <source>The picture could not be drawn</source>
        <translation>Das Bild konnte nicht gezeichnet werden</translation>
    </message>
    <message>
        <source>The picture cannot be written there</source>
        <translation>Das Bild kann dort nicht geschrieben werden</translation>
    </message>
    <message>
        <source>Writing the film</source>
        <translation>Der Film wird geschrieben</translation>
    </message>
    <message>
        <source>Drawing picture {number} of {count}</source>
        <translation>Bild {number} von {count} wird gezeichnet</translation>
    </message>
    <message>
        <source>Find {name} by clicks</source>
        <translation>{name} durch Klicks finden</translation>
    </message>
    <message>
        <source>current</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>open</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>Step {number}</source>
        <translation>Schritt {number}</translation>
    </message>
    <message>
        <source>Heart CTA</source>
        <translation>Herz-CTA</translation>
    </message>
    <message>
        <source>Planes turn together</source>
        <translation>Ebenen drehen sich gemeinsam</translation>
    </message>
    <message>
        <source>Reset view</source>
        <translation>Ansicht zurücksetzen</translation>
    </message>
    <message>
        <source>Type LAO 20 CRA 5, RAO 35 or -35 2</source>
        <translation>LAO 20 CRA 5, RAO 35 oder -35 2 eingeben</translation>
    </message>
    <message>
        <source>LAO and RAO go to 180°, CRA and CAU to 90°</source>
        <translation>LAO und RAO gehen bis 180°, CRA und CAU bis 90°</translation>
    </message>
    <message>
        <source>C-arm angles, LAO or RAO and CRA or CAU</source>
        <translation>Winkel des C-Bogens, LAO oder RAO und CRA oder CAU</translation>
    </message>
    <message>
        <source>Anterior</source>
        <translation>Anterior</translation>
    </message>
    <message>
        <source>Posterior</source>
        <translation>Posterior</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Links</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Rechts</translation>
    </message>
    <message>
        <source>Non-coronary</source>
        <translation>Akoronar</translation>
    </message>
    <message>
        <source>Not measured in this plan.</source>
        <translation>In diesem Plan nicht gemessen.</translation>
    </message>
    <message>
        <source>Levels of the root</source>
        <translation>Ebenen der Wurzel</translation>
    </message>
    <message>
        <source>No other level of the root could be measured.</source>
        <translation>Keine weitere Ebene der Wurzel war messbar.</translation>
    </message>
    <message>
        <source>Below, mm</source>
        <translation>Unterhalb, mm</translation>
    </message>
    <message>
        <source>Area, mm²</source>
        <translation>Fläche, mm²</translation>
    </message>
    <message>
        <source>Perimeter, mm</source>
        <translation>Umfang, mm</translation>
    </message>
    <message>
        <source>Longest diameter, mm</source>
        <translation>Längster Durchmesser, mm</translation>
    </message>
    <message>
        <source>Shortest diameter, mm</source>
        <translation>Kürzester Durchmesser, mm</translation>
    </message>
    <message>
        <source>LVOT area, mm²</source>
        <translation>LVOT-Fläche, mm²</translation>
    </message>
    <message>
        <source>Sinus NCC, mm</source>
        <translation>Sinus NCC, mm</translation>
    </message>
    <message>
        <source>Sinus RCC, mm</source>
        <translation>Sinus RCC, mm</translation>
    </message>
    <message>
        <source>Sinus LCC, mm</source>
        <translation>Sinus LCC, mm</translation>
    </message>
    <message>
        <source>STJ diameter, mm</source>
        <translation>STJ-Durchmesser, mm</translation>
    </message>
    <message>
        <source>STJ height, mm</source>
        <translation>STJ-Höhe, mm</translation>
    </message>
    <message>
        <source>Ascending aorta, mm</source>
        <translation>Aorta ascendens, mm</translation>
    </message>
    <message>
        <source>LCA height, mm</source>
        <translation>LCA-Höhe, mm</translation>
    </message>
    <message>
        <source>RCA height, mm</source>
        <translation>RCA-Höhe, mm</translation>
    </message>
    <message>
        <source>Membranous septum, mm</source>
        <translation>Membranöses Septum, mm</translation>
    </message>
    <message>
        <source>Calcium, mm³</source>
        <translation>Kalk, mm³</translation>
    </message>
    <message>
        <source>Calcium in the LVOT, mm³</source>
        <translation>Kalk im LVOT, mm³</translation>
    </message>
    <message>
        <source>Oversizing, %</source>
        <translation>Oversizing, %</translation>
    </message>
    <message>
        <source>Depth, mm</source>
        <translation>Tiefe, mm</translation>
    </message>
    <message>
        <source>Three cusps in line</source>
        <translation>Drei Taschen in einer Linie</translation>
    </message>
    <message>
        <source>Not measured in this plan</source>
        <translation>In diesem Plan nicht gemessen</translation>
    </message>
    <message>
        <source>No ± of both plans is known, so nobody can say whether this is more than the measurement&apos;s own</source>
        <translation>Von beiden Plänen ist kein ± bekannt, daher lässt sich nicht sagen, ob dies mehr ist als die Messung selbst</translation>
    </message>
    <message>
        <source>Within the ± of both measurements</source>
        <translation>Innerhalb des ± beider Messungen</translation>
    </message>
    <message>
        <source>More than the ± of both measurements</source>
        <translation>Mehr als das ± beider Messungen</translation>
    </message>
    <message>
        <source>another</source>
        <translation>ein anderes</translation>
    </message>
    <message>
        <source>Shortest, mm</source>
        <translation>Kürzester, mm</translation>
    </message>
    <message>
        <source>Longest, mm</source>
        <translation>Längster, mm</translation>
    </message>
    <message>
        <source>Of annulus</source>
        <translation>Zum Anulus</translation>
    </message>
    <message>
        <source>Area below the annulus</source>
        <translation>Fläche unterhalb des Anulus</translation>
    </message>
    <message>
        <source>area, mm²</source>
        <translation>Fläche, mm²</translation>
    </message>
    <message>
        <source>annulus {area}</source>
        <translation>Anulus {area}</translation>
    </message>
    <message>
        <source>{shape}: area 5 mm below is {ratio} times the annulus.</source>
        <translation>{shape}: Die Fläche 5 mm unterhalb ist das {ratio}-Fache des Anulus.</translation>
    </message>
    <message>
        <source>The annulus itself is ± {area} mm².</source>
        <translation>Der Anulus selbst hat ± {area} mm².</translation>
    </message>
    <message>
        <source>Sinus, mm</source>
        <translation>Sinus, mm</translation>
    </message>
    <message>
        <source>Height, mm</source>
        <translation>Höhe, mm</translation>
    </message>
    <message>
        <source>To next cusp</source>
        <translation>Zur nächsten Tasche</translation>
    </message>
    <message>
        <source>Leaflet, mm</source>
        <translation>Segel, mm</translation>
    </message>
    <message>
        <source>Leaflets: not measured in this plan.</source>
        <translation>Segel: in diesem Plan nicht gemessen.</translation>
    </message>
    <message>
        <source>Cusps, septum and aorta</source>
        <translation>Taschen, Septum und Aorta</translation>
    </message>
    <message>
        <source>Ascending aorta, 40 mm up</source>
        <translation>Aorta ascendens, 40 mm oberhalb</translation>
    </message>
    <message>
        <source>Ascending aorta, greatest</source>
        <translation>Aorta ascendens, größte Weite</translation>
    </message>
    <message>
        <source>Septum, front · middle · back</source>
        <translation>Septum, vorn · Mitte · hinten</translation>
    </message>
    <message>
        <source>Cusps found</source>
        <translation>Gefundene Taschen</translation>
    </message>
    <message>
        <source>Sievers type, raphe</source>
        <translation>Sievers-Typ, Raphe</translation>
    </message>
    <message>
        <source>Raphe calcium</source>
        <translation>Raphekalk</translation>
    </message>
    <message>
        <source>Between commissures, 4 mm up</source>
        <translation>Zwischen Kommissuren, 4 mm oberhalb</translation>
    </message>
    <message>
        <source>Septum, aorta, cusps</source>
        <translation>Septum, Aorta, Taschen</translation>
    </message>
    <message>
        <source>{width} at {place} mm</source>
        <translation>{width} bei {place} mm</translation>
    </message>
    <message>
        <source>not told</source>
        <translation>nicht bestimmt</translation>
    </message>
    <message>
        <source>{count}, confidence {percent} %</source>
        <translation>{count}, Sicherheit {percent} %</translation>
    </message>
    <message>
        <source>no raphe</source>
        <translation>keine Raphe</translation>
    </message>
    <message>
        <source>Lumen {lumen}, noise {noise}.</source>
        <translation>Lumen {lumen}, Rauschen {noise}.</translation>
    </message>
    <message>
        <source>{reason}; nearest {angle}</source>
        <translation>{reason}; nächste {angle}</translation>
    </message>
    <message>
        <source>Sheath ratio by sheath, published limits {limits}, verify against the IFU</source>
        <translation>Schleusenverhältnis je Schleuse, veröffentlichte Grenzen {limits}, mit der Gebrauchsanweisung abgleichen</translation>
    </message>
    <message>
        <source>closed at {place:.0f} mm</source>
        <translation>verschlossen bei {place:.0f} mm</translation>
    </message>
    <message>
        <source>A station each {step} mm; every one is in the plan’s CSV.</source>
        <translation>Eine Station alle {step} mm; jede einzelne steht in der CSV des Plans.</translation>
    </message>
    <message>
        <source>By region, mm³</source>
        <translation>Nach Region, mm³</translation>
    </message>
    <message>
        <source>Above {threshold}</source>
        <translation>Über {threshold}</translation>
    </message>
    <message>
        <source>Largest nodules</source>
        <translation>Größte Kalkherde</translation>
    </message>
    <message>
        <source>Into lumen, mm</source>
        <translation>Ins Lumen, mm</translation>
    </message>
    <message>
        <source>Most HU</source>
        <translation>Höchste HU</translation>
    </message>
    <message>
        <source>No nodules are listed in this plan.</source>
        <translation>In diesem Plan sind keine Kalkherde aufgeführt.</translation>
    </message>
    <message>
        <source>Coronary obstruction</source>
        <translation>Koronarverlegung</translation>
    </message>
    <message>
        <source>Not judged without a valve.</source>
        <translation>Ohne Klappe nicht beurteilt.</translation>
    </message>
    <message>
        <source>not predicted</source>
        <translation>nicht vorhergesagt</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>nicht bekannt</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>vorhergesagt</translation>
    </message>
    <message>
        <source>Predicted when the cusp is longer than the coronary is high, and VTC ≤ 4 mm or leaflet calcium &gt; 600 mm³ (PMC9991077).</source>
        <translation>Vorhergesagt, wenn die Tasche länger ist als der Koronarabstand und VTC ≤ 4 mm oder Segelkalk &gt; 600 mm³ (PMC9991077).</translation>
    </message>
    <message>
        <source>Cusp</source>
        <translation>Tasche</translation>
    </message>
    <message>
        <source>Leaflet calcium</source>
        <translation>Segelkalk</translation>
    </message>
    <message>
        <source>Obstruction</source>
        <translation>Verlegung</translation>
    </message>
    <message>
        <source>No size is proposed on this scan.</source>
        <translation>Auf diesem Scan wird keine Größe vorgeschlagen.</translation>
    </message>
    <message>
        <source>No size of the catalogue fits.</source>
        <translation>Keine Größe des Katalogs passt.</translation>
    </message>
    <message>
        <source>Each cell: the quantity nearest to its limit and its value in mm. Limits: VTC 4, VTSTJ 2, septum − depth 0.</source>
        <translation>Jede Zelle: die Größe, die ihrer Grenze am nächsten liegt, und ihr Wert in mm. Grenzen: VTC 4, VTSTJ 2, Septum − Tiefe 0.</translation>
    </message>
    <message>
        <source>Annulus edge on</source>
        <translation>Anulus von der Kante</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Raum</translation>
    </message>
    <message>
        <source>Fluoroscopy, simulated from the CT</source>
        <translation>Durchleuchtung, aus der CT simuliert</translation>
    </message>
    <message>
        <source>Needs a CT in HU.</source>
        <translation>Erfordert eine CT in HU.</translation>
    </message>
    <message>
        <source>The scan shows one phase.</source>
        <translation>Der Scan zeigt eine Phase.</translation>
    </message>
    <message>
        <source>proposed</source>
        <translation>vorgeschlagen</translation>
    </message>
    <message>
        <source>systole</source>
        <translation>Systole</translation>
    </message>
    <message>
        <source>Annulus area through the heartbeat</source>
        <translation>Anulusfläche über den Herzschlag</translation>
    </message>
    <message>
        <source>Shortest</source>
        <translation>Kürzester</translation>
    </message>
    <message>
        <source>Longest</source>
        <translation>Längster</translation>
    </message>
    <message>
        <source>All routes</source>
        <translation>Alle Wege</translation>
    </message>
    <message>
        <source>Route</source>
        <translation>Weg</translation>
    </message>
    <message>
        <source>Ratio</source>
        <translation>Verhältnis</translation>
    </message>
    <message>
        <source>Bends &gt; 30°</source>
        <translation>Biegungen &gt; 30°</translation>
    </message>
    <message>
        <source>Outer</source>
        <translation>Außen</translation>
    </message>
    <message>
        <source>Least vessel</source>
        <translation>Mindestgefäß</translation>
    </message>
    <message>
        <source>Stations along the routes</source>
        <translation>Stationen entlang der Wege</translation>
    </message>
    <message>
        <source>No route was measured.</source>
        <translation>Kein Weg wurde gemessen.</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Also</source>
        <translation>Außerdem</translation>
    </message>
    <message>
        <source>Taken by a person.</source>
        <translation>Von einer Person gemessen.</translation>
    </message>
    <message>
        <source>Values in regions</source>
        <translation>Werte in Bereichen</translation>
    </message>
    <message>
        <source>Measured by hand</source>
        <translation>Von Hand gemessen</translation>
    </message>
    <message>
        <source>slices lost</source>
        <translation>Schichten verloren</translation>
    </message>
    <message>
        <source>an estimate</source>
        <translation>Schätzwert</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>Kopf</translation>
    </message>
    <message>
        <source>Feet</source>
        <translation>Füße</translation>
    </message>
    <message>
        <source>Free view</source>
        <translation>Freie Ansicht</translation>
    </message>
    <message>
        <source>This graphics driver is too old for 3D. Slices and numbers work.</source>
        <translation>Dieser Grafiktreiber ist zu alt für 3D. Schichten und Zahlen gehen.</translation>
    </message>
    <message>
        <source>Margin on the cut surface, mm</source>
        <translation>Resektionsrand auf der Schnittfläche, mm</translation>
    </message>
    <message>
        <source>cranial</source>
        <translation>kranial</translation>
    </message>
    <message>
        <source>caudal</source>
        <translation>kaudal</translation>
    </message>
    <message>
        <source>Arrow: 0.25 mm</source>
        <translation>Pfeil: 0,25 mm</translation>
    </message>
    <message>
        <source>Shift: 1 mm</source>
        <translation>Umschalt: 1 mm</translation>
    </message>
    <message>
        <source>{name} over</source>
        <translation>{name} darüber</translation>
    </message>
    <message>
        <source>Straightened</source>
        <translation>Gestreckt</translation>
    </message>
    <message>
        <source>Curved</source>
        <translation>Gekrümmt</translation>
    </message>
    <message>
        <source>Show the vessel straightened</source>
        <translation>Das Gefäß gestreckt zeigen</translation>
    </message>
    <message>
        <source>Show the vessel with its bends</source>
        <translation>Das Gefäß mit seinen Biegungen zeigen</translation>
    </message>
    <message>
        <source>The vessel runs straight away from this view. Turn it.</source>
        <translation>Das Gefäß läuft gerade von dieser Ansicht weg. Drehen.</translation>
    </message>
    <message>
        <source>across × {scale:.1f}</source>
        <translation>quer × {scale:.1f}</translation>
    </message>
    <message>
        <source>one scale both ways</source>
        <translation>ein Maßstab in beiden Richtungen</translation>
    </message>
    <message>
        <source>turned {turn_deg:.0f}°</source>
        <translation>gedreht um {turn_deg:.0f}°</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <source>All panes of this layout have windows of their own. Esc brings one back.</source>
        <translation type="vanished">Alle Ansichten dieser Anordnung haben eigene Fenster. Esc bringt eine zurück.</translation>
    </message>
    <message>
        <source>Take this step back (Ctrl+Z)</source>
        <translation type="vanished">Diesen Schritt zurücknehmen (Strg+Z)</translation>
    </message>
    <message>
        <source>Show where this was</source>
        <translation>Zeigen, wo das war</translation>
    </message>
    <message>
        <source>Take this step back</source>
        <translation>Diesen Schritt zurücknehmen</translation>
    </message>
    <message>
        <source>Paint with a brush</source>
        <translation>Mit dem Pinsel malen</translation>
    </message>
    <message>
        <source>Erase with a brush</source>
        <translation>Mit dem Pinsel radieren</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>Take what lies between two values</source>
        <translation>Nehmen, was zwischen zwei Werten liegt</translation>
    </message>
    <message>
        <source>Cut along an outline, in a slice or in 3D</source>
        <translation>Entlang eines Umrisses schneiden, in einer Schicht oder in 3D</translation>
    </message>
    <message>
        <source>Keep, remove or part what does not hang together</source>
        <translation>Behalten, entfernen oder teilen, was nicht zusammenhängt</translation>
    </message>
    <message>
        <source>Grow or shrink by millimetres</source>
        <translation>Um Millimeter wachsen oder schrumpfen</translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation>Glätten</translation>
    </message>
    <message>
        <source>Smooth the surface</source>
        <translation>Die Oberfläche glätten</translation>
    </message>
    <message>
        <source>Fill between the slices that are painted</source>
        <translation>Zwischen den gemalten Schichten füllen</translation>
    </message>
    <message>
        <source>Seeds</source>
        <translation>Keime</translation>
    </message>
    <message>
        <source>Grow several structures from what is painted of each</source>
        <translation>Mehrere Strukturen aus dem wachsen lassen, was von jeder gemalt ist</translation>
    </message>
    <message>
        <source>Combine</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>Add, subtract or intersect with another structure</source>
        <translation>Mit einer anderen Struktur vereinen, abziehen oder schneiden</translation>
    </message>
    <message>
        <source>Leave a wall only</source>
        <translation>Nur eine Wand lassen</translation>
    </message>
    <message>
        <source>Looking for values</source>
        <translation>Werte werden gesucht</translation>
    </message>
    <message>
        <source>Looking for islands</source>
        <translation>Inseln werden gesucht</translation>
    </message>
    <message>
        <source>Growing</source>
        <translation>Es wächst</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>Es wird geglättet</translation>
    </message>
    <message>
        <source>Filling holes</source>
        <translation>Löcher werden gefüllt</translation>
    </message>
    <message>
        <source>Filling between slices</source>
        <translation>Zwischen Schichten wird gefüllt</translation>
    </message>
    <message>
        <source>Growing from seeds</source>
        <translation>Aus Keimen wächst es</translation>
    </message>
    <message>
        <source>Combining</source>
        <translation>Es wird verbunden</translation>
    </message>
    <message>
        <source>Hollowing</source>
        <translation>Es wird ausgehöhlt</translation>
    </message>
    <message>
        <source>Cutting</source>
        <translation>Es wird geschnitten</translation>
    </message>
    <message>
        <source>Getting ready to paint</source>
        <translation>Malen wird vorbereitet</translation>
    </message>
    <message>
        <source>Choose or make a structure first</source>
        <translation>Zuerst eine Struktur wählen oder anlegen</translation>
    </message>
    <message>
        <source>{display} is locked. Unlock it to change it</source>
        <translation>{display} ist gesperrt. Zum Ändern freigeben</translation>
    </message>
    <message>
        <source>{display} lies on another image&apos;s grid</source>
        <translation>{display} liegt auf dem Gitter eines anderen Bildes</translation>
    </message>
    <message>
        <source>There is no other structure</source>
        <translation>Es gibt keine andere Struktur</translation>
    </message>
    <message>
        <source>{display} is empty. Paint or use a threshold first</source>
        <translation>{display} ist leer. Zuerst malen oder eine Schwelle nutzen</translation>
    </message>
    <message>
        <source>Eraser stroke</source>
        <translation>Radierstrich</translation>
    </message>
    <message>
        <source>Brush stroke</source>
        <translation>Pinselstrich</translation>
    </message>
    <message>
        <source>Values from {band:.0f} to {band2:.0f} HU</source>
        <translation>Werte von {band:.0f} bis {band2:.0f} HU</translation>
    </message>
    <message>
        <source>Nothing can be added there.</source>
        <translation>Dort lässt sich nichts hinzufügen.</translation>
    </message>
    <message>
        <source>Nothing of {small} lies there.</source>
        <translation>Dort liegt nichts von {small}.</translation>
    </message>
    <message>
        <source>Tick the structures that grow with it</source>
        <translation>Die Strukturen ankreuzen, die mit ihr wachsen</translation>
    </message>
    <message>
        <source>Choose the other structure</source>
        <translation>Die andere Struktur wählen</translation>
    </message>
    <message>
        <source>Click one of its parts</source>
        <translation>Eines ihrer Teile anklicken</translation>
    </message>
    <message>
        <source>{parts} new</source>
        <translation>{parts} neu</translation>
    </message>
    <message>
        <source>Keeping the change</source>
        <translation>Änderung wird behalten</translation>
    </message>
    <message>
        <source>not registered</source>
        <translation>nicht registriert</translation>
    </message>
    <message>
        <source>frame unknown</source>
        <translation>Bezugssystem unbekannt</translation>
    </message>
    <message>
        <source>Fluoroscopy</source>
        <translation>Durchleuchtung</translation>
    </message>
    <message>
        <source>simulated from the CT</source>
        <translation>simuliert aus dem CT</translation>
    </message>
    <message>
        <source>{low} to {high}{unit} are possible</source>
        <translation>{low} bis {high}{unit} sind möglich</translation>
    </message>
    <message>
        <source>The scan reaches from {words} to {words2} mm</source>
        <translation>Der Scan reicht von {words} bis {words2} mm</translation>
    </message>
    <message>
        <source>area Ø {width}</source>
        <translation>Fläche Ø {width}</translation>
    </message>
    <message>
        <source>outside</source>
        <translation>außerhalb</translation>
    </message>
    <message numerus="yes">
        <source>Ø {size} mm, %n voxel(s)</source>
        <translation>
            <numerusform>Ø {size} mm, %n Voxel</numerusform>
            <numerusform>Ø {size} mm, %n Voxel</numerusform>
        </translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>Chart</source>
        <translation>Diagramm</translation>
    </message>
    <message>
        <source>Flat maps</source>
        <translation>Flächenkarten</translation>
    </message>
    <message>
        <source>This pane has a window of its own. Esc there brings it back.</source>
        <translation>Diese Ansicht hat ein eigenes Fenster. Esc dort bringt sie zurück.</translation>
    </message>
    <message>
        <source>All panes of this layout have windows of their own. Esc in one brings it back.</source>
        <translation>Alle Ansichten dieser Anordnung haben eigene Fenster. Esc in einem bringt sie zurück.</translation>
    </message>
    <message>
        <source>Upper polar line</source>
        <translation>Obere Pollinie</translation>
    </message>
    <message>
        <source>Middle</source>
        <translation>Mitte</translation>
    </message>
    <message>
        <source>Lower polar line</source>
        <translation>Untere Pollinie</translation>
    </message>
    <message>
        <source>in front</source>
        <translation>vorn</translation>
    </message>
    <message>
        <source>on the line</source>
        <translation>auf der Linie</translation>
    </message>
    <message>
        <source>E {number}&#x202f;% outside</source>
        <translation>E {number}&#x202f;% außen</translation>
    </message>
    <message>
        <source>Letter {letter}</source>
        <translation>Buchstabe {letter}</translation>
    </message>
    <message>
        <source>Branch {number}</source>
        <translation>Ast {number}</translation>
    </message>
    <message>
        <source>Trunk</source>
        <translation>Stamm</translation>
    </message>
    <message>
        <source>Side branch</source>
        <translation>Seitenast</translation>
    </message>
    <message>
        <source>The kidney is</source>
        <translation>Die Niere ist</translation>
    </message>
    <message>
        <source>Tumours are</source>
        <translation>Tumoren sind</translation>
    </message>
    <message>
        <source>Sinus or collecting system</source>
        <translation>Sinus oder Hohlsystem</translation>
    </message>
    <message>
        <source>Artery</source>
        <translation>Arterie</translation>
    </message>
    <message>
        <source>Vein</source>
        <translation>Vene</translation>
    </message>
    <message>
        <source>A tumour lies elsewhere</source>
        <translation>Ein Tumor liegt anderswo</translation>
    </message>
    <message>
        <source>No sinus is named</source>
        <translation>Kein Sinus ist genannt</translation>
    </message>
    <message>
        <source>No sinus is seen</source>
        <translation>Kein Sinus ist zu sehen</translation>
    </message>
    <message>
        <source>The sinus lies outside</source>
        <translation>Der Sinus liegt außerhalb</translation>
    </message>
    <message>
        <source>The scan ends in a tumour</source>
        <translation>Der Scan endet in einem Tumor</translation>
    </message>
    <message>
        <source>Kidney and tumours</source>
        <translation>Niere und Tumoren</translation>
    </message>
    <message>
        <source>Kidney with tumours</source>
        <translation>Niere mit Tumoren</translation>
    </message>
    <message>
        <source>No kidney in this case</source>
        <translation>Keine Niere in diesem Fall</translation>
    </message>
    <message>
        <source>Find it by a model, or add a label map.</source>
        <translation>Mit einem Modell finden oder eine Labelkarte hinzufügen.</translation>
    </message>
    <message>
        <source>Import a label map with a kidney.</source>
        <translation type="vanished">Eine Labelkarte mit einer Niere importieren.</translation>
    </message>
    <message>
        <source>No tumour is chosen</source>
        <translation>Kein Tumor ist gewählt</translation>
    </message>
    <message>
        <source>Choose one below: there is nothing to score without.</source>
        <translation>Unten einen wählen: ohne gibt es nichts zu bewerten.</translation>
    </message>
    <message>
        <source>Choose the kidney first</source>
        <translation>Zuerst die Niere wählen</translation>
    </message>
    <message>
        <source>Accept kidney</source>
        <translation>Niere übernehmen</translation>
    </message>
    <message>
        <source>The longest way across the tumour</source>
        <translation>Der längste Weg quer durch den Tumor</translation>
    </message>
    <message>
        <source>Of its volume</source>
        <translation>Von seinem Volumen</translation>
    </message>
    <message>
        <source>The least distance</source>
        <translation>Der kleinste Abstand</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Score</translation>
    </message>
    <message>
        <source>Tumour</source>
        <translation>Tumor</translation>
    </message>
    <message>
        <source>Contact with the parenchyma</source>
        <translation>Kontakt mit dem Parenchym</translation>
    </message>
    <message>
        <source>R.E.N.A.L.: Kutikov and Uzzo, J Urol 2009. Click a letter to see its slice.</source>
        <translation>R.E.N.A.L.: Kutikov und Uzzo, J Urol 2009. Einen Buchstaben anklicken, um seine Schicht zu sehen.</translation>
    </message>
    <message>
        <source>No tumour is chosen.</source>
        <translation>Kein Tumor ist gewählt.</translation>
    </message>
    <message>
        <source>Close to a limit</source>
        <translation>Nahe an einer Grenze</translation>
    </message>
    <message>
        <source>Preparing the kidney</source>
        <translation>Niere wird vorbereitet</translation>
    </message>
    <message>
        <source>Accept score</source>
        <translation>Score übernehmen</translation>
    </message>
    <message>
        <source>, {totals} to {totals2} possible</source>
        <translation>, {totals} bis {totals2} möglich</translation>
    </message>
    <message numerus="yes">
        <source>%n point(s)</source>
        <translation>
            <numerusform>%n Punkt</numerusform>
            <numerusform>%n Punkte</numerusform>
        </translation>
    </message>
    <message>
        <source>On the surface</source>
        <translation>An der Oberfläche</translation>
    </message>
    <message>
        <source>{COMPLEX_CONTACT_CM2:g} or more: complex</source>
        <translation>{COMPLEX_CONTACT_CM2:g} oder mehr: komplex</translation>
    </message>
    <message>
        <source>2πrd, a cross-check</source>
        <translation>2πrd, zur Gegenprobe</translation>
    </message>
    <message>
        <source>Handles of the cut</source>
        <translation>Griffe des Schnitts</translation>
    </message>
    <message>
        <source>More handles bend a smaller part of the cut</source>
        <translation>Mehr Griffe biegen einen kleineren Teil des Schnitts</translation>
    </message>
    <message>
        <source>Handles</source>
        <translation>Griffe</translation>
    </message>
    <message>
        <source>Cut turned about the head axis</source>
        <translation>Schnitt um die Körperachse gedreht</translation>
    </message>
    <message>
        <source>Cut tilted to the head</source>
        <translation>Schnitt zum Kopf geneigt</translation>
    </message>
    <message>
        <source>Turned, 0° left, 90° back</source>
        <translation>Gedreht, 0° links, 90° hinten</translation>
    </message>
    <message>
        <source>Tilted to the head</source>
        <translation>Zum Kopf geneigt</translation>
    </message>
    <message>
        <source>Ablative margin, T{tumor}</source>
        <translation>Ablationsrand, T{tumor}</translation>
    </message>
    <message>
        <source>All of the tumour lies at the capsule</source>
        <translation>Der ganze Tumor liegt an der Kapsel</translation>
    </message>
    <message>
        <source>Chance of {wanted_mm:g} mm all round</source>
        <translation>Chance auf {wanted_mm:g} mm ringsum</translation>
    </message>
    <message>
        <source>With a needle {lateral_mm:g} mm off on each axis and {depth_mm:g} mm in depth (1 SD)</source>
        <translation>Mit einer Nadel, die je Achse um {lateral_mm:g} mm und in der Tiefe um {depth_mm:g} mm abweicht (1 SD)</translation>
    </message>
    <message>
        <source> along the needle, </source>
        <translation> entlang der Nadel, </translation>
    </message>
    <message>
        <source>{size} across.{source}</source>
        <translation>{size} quer.{source}</translation>
    </message>
    <message>
        <source>Portal and hepatic veins are needed</source>
        <translation>Pfortader und Lebervenen werden gebraucht</translation>
    </message>
    <message>
        <source>No cut comes near a tumour that is removed</source>
        <translation>Kein Schnitt kommt einem zu entfernenden Tumor nahe</translation>
    </message>
    <message>
        <source>Least margin, mm</source>
        <translation>Kleinster Rand, mm</translation>
    </message>
    <message>
        <source>Viable remnant, %</source>
        <translation>Funkt. Rest, %</translation>
    </message>
    <message>
        <source>Future remnant, %</source>
        <translation>FLR, %</translation>
    </message>
    <message>
        <source>Removed, ml</source>
        <translation>Entfernt, ml</translation>
    </message>
    <message>
        <source>Kept, ml</source>
        <translation>Verbleibt, ml</translation>
    </message>
    <message>
        <source>Remnant / weight, %</source>
        <translation>Rest / Gewicht, %</translation>
    </message>
    <message>
        <source>Congested, ml</source>
        <translation>Gestaut, ml</translation>
    </message>
    <message>
        <source>Without inflow, ml</source>
        <translation>Ohne Zufluss, ml</translation>
    </message>
    <message>
        <source>Tumours left</source>
        <translation>Verbleibende Tumoren</translation>
    </message>
    <message>
        <source>{count}, largest {width} mm</source>
        <translation>{count}, größtes {width} mm</translation>
    </message>
    <message>
        <source>Vessels cut, mm</source>
        <translation type="vanished">Durchtrennte Gefäße, mm</translation>
    </message>
    <message>
        <source>Full ablation margin, %</source>
        <translation>Voller Ablationsrand, %</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Viable after stage 1, %</source>
        <translation>Funktionell nach Schritt 1, %</translation>
    </message>
    <message>
        <source>Remnant measured later, %</source>
        <translation>Später gemessener Rest, %</translation>
    </message>
    <message>
        <source>sFLR {pop}, %</source>
        <translation type="vanished">sFLR {pop}, %</translation>
    </message>
    <message>
        <source>sFLR, %</source>
        <translation>sFLR, %</translation>
    </message>
    <message>
        <source>sFLR {formula}, %</source>
        <translation>sFLR {formula}, %</translation>
    </message>
    <message>
        <source>Body weight is missing: enter it at the resection</source>
        <translation>Das Körpergewicht fehlt: bei der Resektion eingeben</translation>
    </message>
    <message>
        <source>This plan has one stage</source>
        <translation>Dieser Plan hat einen Schritt</translation>
    </message>
    <message>
        <source>This plan has no ablation zone</source>
        <translation>Dieser Plan hat keine Ablationszone</translation>
    </message>
    <message>
        <source>Body weight and height are missing</source>
        <translation>Körpergewicht und -größe fehlen</translation>
    </message>
    <message>
        <source>No later study was measured</source>
        <translation>Keine spätere Untersuchung wurde gemessen</translation>
    </message>
    <message>
        <source>{count}, occluded</source>
        <translation>{count}, verschlossen</translation>
    </message>
    <message>
        <source>{cut}, largest {max}</source>
        <translation type="vanished">{cut}, größtes {max}</translation>
    </message>
    <message>
        <source>Drawing the plans</source>
        <translation>Pläne werden gezeichnet</translation>
    </message>
    <message>
        <source>Drawing plan {name}</source>
        <translation>Plan {name} wird gezeichnet</translation>
    </message>
    <message>
        <source>40&#x202f;% not described</source>
        <translation>40&#x202f;% nicht beschrieben</translation>
    </message>
    <message>
        <source>Own limit</source>
        <translation>Eigene Grenze</translation>
    </message>
    <message>
        <source>normal liver</source>
        <translation>gesunde Leber</translation>
    </message>
    <message>
        <source>cirrhosis, hepatitis</source>
        <translation>Zirrhose, Hepatitis</translation>
    </message>
    <message>
        <source>chemotherapy</source>
        <translation>Chemotherapie</translation>
    </message>
    <message>
        <source>sFLR, Vauthey</source>
        <translation>sFLR, Vauthey</translation>
    </message>
    <message>
        <source>sFLR, Urata</source>
        <translation>sFLR, Urata</translation>
    </message>
    <message>
        <source>sFLR, by weight</source>
        <translation>sFLR, nach Gewicht</translation>
    </message>
    <message>
        <source>Of the {denominator}.</source>
        <translation>Bezogen auf {denominator}.</translation>
    </message>
    <message>
        <source>{plain} short of {limit:g}</source>
        <translation>{plain} unter {limit:g}</translation>
    </message>
    <message>
        <source>close to {limit:g}</source>
        <translation>nahe {limit:g}</translation>
    </message>
    <message>
        <source>above {limit:g}</source>
        <translation>über {limit:g}</translation>
    </message>
    <message>
        <source>sFLR {plain}, under {limit:g}</source>
        <translation>sFLR {plain}, unter {limit:g}</translation>
    </message>
    <message>
        <source>sFLR {plain}, above {limit:g}</source>
        <translation>sFLR {plain}, über {limit:g}</translation>
    </message>
    <message>
        <source>Tumour kept</source>
        <translation>Verbleibender Tumor</translation>
    </message>
    <message>
        <source>Least margin at</source>
        <translation>Kleinster Resektionsrand bei</translation>
    </message>
    <message>
        <source>Remnant / body weight</source>
        <translation>Rest / Körpergewicht</translation>
    </message>
    <message>
        <source>Body weight is missing</source>
        <translation>Das Körpergewicht fehlt</translation>
    </message>
    <message>
        <source>Body height is missing</source>
        <translation>Die Körpergröße fehlt</translation>
    </message>
    <message>
        <source>The formula has no volume for so small a body</source>
        <translation>Die Formel hat kein Volumen für einen so kleinen Körper</translation>
    </message>
    <message>
        <source>Of a standard liver of {standard_ml}; click to hold this one to the limit</source>
        <translation>Bezogen auf eine Standardleber von {standard_ml}; klicken, um diesen Wert an der Grenze zu messen</translation>
    </message>
    <message>
        <source>BSA, {SURFACE_NAMES}</source>
        <translation>KOF, {SURFACE_NAMES}</translation>
    </message>
    <message>
        <source>fitted for {low:g} to {high:g}</source>
        <translation>bestimmt für {low:g} bis {high:g}</translation>
    </message>
    <message>
        <source>Body surface area; click for the other formula</source>
        <translation>Körperoberfläche; klicken für die andere Formel</translation>
    </message>
    <message>
        <source>Congested</source>
        <translation>Gestaut</translation>
    </message>
    <message>
        <source>Without inflow</source>
        <translation>Ohne Zufluss</translation>
    </message>
    <message>
        <source>Name of the plan</source>
        <translation>Name des Plans</translation>
    </message>
    <message>
        <source>Plan name</source>
        <translation>Planname</translation>
    </message>
    <message>
        <source>Plan {name}</source>
        <translation>Plan {name}</translation>
    </message>
    <message>
        <source>Cut surface</source>
        <translation>Schnittfläche</translation>
    </message>
    <message>
        <source>Margin on the cut</source>
        <translation>Resektionsrand am Schnitt</translation>
    </message>
    <message>
        <source>The map follows when the hand rests</source>
        <translation>Die Karte folgt, wenn die Hand ruht</translation>
    </message>
    <message>
        <source>No cut yet</source>
        <translation>Noch kein Schnitt</translation>
    </message>
    <message>
        <source>The cut does not meet the {kind}</source>
        <translation>Der Schnitt trifft das Organ nicht ({kind})</translation>
    </message>
    <message>
        <source>{kind} plan {name}</source>
        <translation type="vanished">{kind}: Plan {name}</translation>
    </message>
    <message>
        <source>{capitalize} plan {value}</source>
        <translation type="vanished">{capitalize}: Plan {value}</translation>
    </message>
    <message>
        <source>New plan</source>
        <translation>Neuer Plan</translation>
    </message>
    <message>
        <source>Copy plan {name}</source>
        <translation>Plan {name} kopieren</translation>
    </message>
    <message>
        <source>Delete plan {name}</source>
        <translation>Plan {name} löschen</translation>
    </message>
    <message>
        <source>Wedge about T{tumor}</source>
        <translation>Keil um T{tumor}</translation>
    </message>
    <message>
        <source>{names} territories</source>
        <translation>{names} Territorien</translation>
    </message>
    <message>
        <source>Ablation zone</source>
        <translation>Ablationszone</translation>
    </message>
    <message>
        <source>Surface from file</source>
        <translation>Oberfläche aus einer Datei</translation>
    </message>
    <message>
        <source>Plan {plans}</source>
        <translation>Plan {plans}</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>Eintritt</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Ziel</translation>
    </message>
    <message>
        <source>Line on the capsule</source>
        <translation>Linie auf der Kapsel</translation>
    </message>
    <message>
        <source>Click on the capsule · E cancels</source>
        <translation type="vanished">Auf die Kapsel klicken · E bricht ab</translation>
    </message>
    <message>
        <source>Click on the capsule</source>
        <translation>Auf die Kapsel klicken</translation>
    </message>
    <message>
        <source>Click along the line on the liver&apos;s surface, in the slices or in 3D.</source>
        <translation>Entlang der Linie auf die Leberoberfläche klicken, in den Schichten oder in 3D.</translation>
    </message>
    <message numerus="yes">
        <source>%n point(s). </source>
        <translation>
            <numerusform>%n Punkt. </numerusform>
            <numerusform>%n Punkte. </numerusform>
        </translation>
    </message>
    <message>
        <source>More bend the cut to the line.</source>
        <translation>Weitere biegen den Schnitt zur Linie.</translation>
    </message>
    <message>
        <source>{LEAST} more make a cut.</source>
        <translation>{LEAST} weitere ergeben einen Schnitt.</translation>
    </message>
    <message>
        <source>point on the capsule</source>
        <translation>Punkt auf der Kapsel</translation>
    </message>
    <message numerus="yes">
        <source>%n more point(s) needed</source>
        <translation>
            <numerusform>%n weiterer Punkt nötig</numerusform>
            <numerusform>%n weitere Punkte nötig</numerusform>
        </translation>
    </message>
    <message>
        <source>Cut along the line</source>
        <translation>Entlang der Linie schneiden</translation>
    </message>
    <message>
        <source>Embolised before</source>
        <translation>Zuvor embolisiert</translation>
    </message>
    <message>
        <source>Embolised at stage 1</source>
        <translation>In Schritt 1 embolisiert</translation>
    </message>
    <message>
        <source>Ligated at stage 1</source>
        <translation>In Schritt 1 ligiert</translation>
    </message>
    <message>
        <source>Portal branches to occlude</source>
        <translation>Zu verschließende Pfortaderäste</translation>
    </message>
    <message>
        <source>How</source>
        <translation>Wie</translation>
    </message>
    <message>
        <source>The rest is what will grow.</source>
        <translation>Der Rest ist, was wachsen wird.</translation>
    </message>
    <message>
        <source>Tick a portal branch</source>
        <translation>Einen Pfortaderast ankreuzen</translation>
    </message>
    <message>
        <source>Occlude these</source>
        <translation>Diese verschließen</translation>
    </message>
    <message>
        <source>Occluded: {parts}. {parts2} keep their portal flow.</source>
        <translation>Verschlossen: {parts}. {parts2} behalten ihren Pfortaderfluss.</translation>
    </message>
    <message>
        <source>Chosen below</source>
        <translation>Unten gewählt</translation>
    </message>
    <message>
        <source>Territories to remove</source>
        <translation>Zu entfernende Territorien</translation>
    </message>
    <message>
        <source>Anatomical resection</source>
        <translation>Anatomische Resektion</translation>
    </message>
    <message>
        <source>Each place belongs to the nearest named branch.</source>
        <translation>Jede Stelle gehört zum nächsten benannten Ast.</translation>
    </message>
    <message>
        <source>Each place belongs to the nearest named branch. Resections by name need the segments: step 4.</source>
        <translation>Jede Stelle gehört zum nächsten benannten Ast. Resektionen nach Namen brauchen die Segmente: Schritt 4.</translation>
    </message>
    <message>
        <source>Building the territory</source>
        <translation>Territorium wird aufgebaut</translation>
    </message>
    <message>
        <source>Tick a territory</source>
        <translation>Ein Territorium ankreuzen</translation>
    </message>
    <message>
        <source>Remove these</source>
        <translation>Diese entfernen</translation>
    </message>
    <message>
        <source>Least removed</source>
        <translation>Am wenigsten entfernt</translation>
    </message>
    <message>
        <source>As drawn</source>
        <translation>Wie gezeichnet</translation>
    </message>
    <message>
        <source>Wedge about a tumour</source>
        <translation>Keil um einen Tumor</translation>
    </message>
    <message>
        <source>Margin of the wedge</source>
        <translation>Resektionsrand des Keils</translation>
    </message>
    <message>
        <source>Vessels to spare</source>
        <translation>Zu schonende Gefäße</translation>
    </message>
    <message>
        <source>Vessels to spare, from the tumour</source>
        <translation>Zu schonende Gefäße, Abstand zum Tumor</translation>
    </message>
    <message>
        <source>Way out</source>
        <translation>Ausweg</translation>
    </message>
    <message>
        <source>Looking for vessels near T{id}…</source>
        <translation>Gefäße nahe T{id} werden gesucht …</translation>
    </message>
    <message>
        <source>Measuring vessels near the tumour</source>
        <translation>Gefäße nahe dem Tumor werden gemessen</translation>
    </message>
    <message>
        <source>Make the wedge</source>
        <translation>Keil anlegen</translation>
    </message>
    <message>
        <source>Finding the wedge</source>
        <translation>Keil wird gesucht</translation>
    </message>
    <message>
        <source>Use {largest_mm}</source>
        <translation>{largest_mm} nehmen</translation>
    </message>
    <message>
        <source>Enter makes it · E cancels</source>
        <translation type="vanished">Enter legt an · E bricht ab</translation>
    </message>
    <message>
        <source>Hypertrophy (DH)</source>
        <translation>Hypertrophie (DH)</translation>
    </message>
    <message>
        <source>Kinetic growth</source>
        <translation>Kinetisches Wachstum</translation>
    </message>
    <message>
        <source>Relative growth</source>
        <translation>Relatives Wachstum</translation>
    </message>
    <message>
        <source>under {value:g}</source>
        <translation>unter {value:g}</translation>
    </message>
    <message>
        <source>Not measured</source>
        <translation>Nicht gemessen</translation>
    </message>
    <message>
        <source>Entered</source>
        <translation>Eingegeben</translation>
    </message>
    <message>
        <source>Remnant without tumour</source>
        <translation>Rest ohne Tumor</translation>
    </message>
    <message>
        <source>First day</source>
        <translation>Erster Tag</translation>
    </message>
    <message>
        <source>Day of this study</source>
        <translation>Tag dieser Untersuchung</translation>
    </message>
    <message>
        <source>Day of the later</source>
        <translation>Tag der späteren</translation>
    </message>
    <message>
        <source>Remnant on a later study</source>
        <translation>Rest in einer späteren Untersuchung</translation>
    </message>
    <message>
        <source>Later study</source>
        <translation>Spätere Untersuchung</translation>
    </message>
    <message>
        <source>Measured remnant</source>
        <translation>Gemessener Rest</translation>
    </message>
    <message>
        <source>Of the liver without tumour of this plan’s own scan</source>
        <translation>Bezogen auf die Leber ohne Tumor im Scan dieses Plans</translation>
    </message>
    <message>
        <source>Measured sFLR</source>
        <translation>Gemessene sFLR</translation>
    </message>
    <message>
        <source>Vessel trees</source>
        <translation>Gefäßbäume</translation>
    </message>
    <message>
        <source>Territories</source>
        <translation>Territorien</translation>
    </message>
    <message>
        <source>Look at plan {name}</source>
        <translation>Plan {name} ansehen</translation>
    </message>
    <message>
        <source>, chosen</source>
        <translation>, gewählt</translation>
    </message>
    <message>
        <source>{rank}, plan {plan_name}{chosen}: {words}</source>
        <translation>{rank}, Plan {plan_name}{chosen}: {words}</translation>
    </message>
    <message>
        <source>Plan {plan_name}</source>
        <translation>Plan {plan_name}</translation>
    </message>
    <message>
        <source>Margin on the cut, millimetres: {join}</source>
        <translation>Resektionsrand am Schnitt, Millimeter: {join}</translation>
    </message>
    <message>
        <source>below {asked:g}</source>
        <translation>unter {asked:g}</translation>
    </message>
    <message>
        <source>above {value:g}</source>
        <translation>über {value:g}</translation>
    </message>
    <message>
        <source>Margin on the cut, mm</source>
        <translation>Resektionsrand am Schnitt, mm</translation>
    </message>
    <message>
        <source>Caudate lobe: before the vena cava, behind the ligamentum venosum</source>
        <translation>Lobus caudatus: vor der Hohlvene, hinter dem Ligamentum venosum</translation>
    </message>
    <message>
        <source>Left lateral, behind and above the left hepatic vein</source>
        <translation>Links lateral, hinter und über der linken Lebervene</translation>
    </message>
    <message>
        <source>Left lateral, in front of and below the left hepatic vein</source>
        <translation>Links lateral, vor und unter der linken Lebervene</translation>
    </message>
    <message>
        <source>Between the umbilical portion and the middle hepatic vein</source>
        <translation>Zwischen Pars umbilicalis und mittlerer Lebervene</translation>
    </message>
    <message>
        <source>Right anterior, below the portal bifurcation</source>
        <translation>Rechts anterior, unter der Pfortaderteilung</translation>
    </message>
    <message>
        <source>Right posterior, below the portal bifurcation</source>
        <translation>Rechts posterior, unter der Pfortaderteilung</translation>
    </message>
    <message>
        <source>Right posterior, above the portal bifurcation</source>
        <translation>Rechts posterior, über der Pfortaderteilung</translation>
    </message>
    <message>
        <source>Right anterior, above the portal bifurcation</source>
        <translation>Rechts anterior, über der Pfortaderteilung</translation>
    </message>
    <message>
        <source>Each liver voxel belongs to the named branch whose centreline is nearest.</source>
        <translation>Jedes Lebervoxel gehört zu dem benannten Ast, dessen Mittellinie am nächsten ist.</translation>
    </message>
    <message>
        <source>Surfaces through the eight points, along the hepatic veins where they pass them, part the liver.</source>
        <translation>Flächen durch die acht Punkte, entlang der Lebervenen, wo sie an ihnen vorbeiführen, teilen die Leber.</translation>
    </message>
    <message>
        <source>Vena cava</source>
        <translation>Untere Hohlvene</translation>
    </message>
    <message>
        <source>Click the middle of the vena cava where the hepatic veins enter it.</source>
        <translation>Die Mitte der Hohlvene anklicken, wo die Lebervenen münden.</translation>
    </message>
    <message>
        <source>Gallbladder fossa</source>
        <translation>Gallenblasengrube</translation>
    </message>
    <message>
        <source>Click the gallbladder’s bed, under the liver.</source>
        <translation>Das Gallenblasenbett unter der Leber anklicken.</translation>
    </message>
    <message>
        <source>Right hepatic vein</source>
        <translation>Rechte Lebervene</translation>
    </message>
    <message>
        <source>Click the right hepatic vein, halfway along it.</source>
        <translation>Die rechte Lebervene auf halber Länge anklicken.</translation>
    </message>
    <message>
        <source>Middle hepatic vein</source>
        <translation>Mittlere Lebervene</translation>
    </message>
    <message>
        <source>Click the middle hepatic vein, halfway along it.</source>
        <translation>Die mittlere Lebervene auf halber Länge anklicken.</translation>
    </message>
    <message>
        <source>Left hepatic vein</source>
        <translation>Linke Lebervene</translation>
    </message>
    <message>
        <source>Click the left hepatic vein, halfway along it.</source>
        <translation>Die linke Lebervene auf halber Länge anklicken.</translation>
    </message>
    <message>
        <source>Portal bifurcation</source>
        <translation>Pfortaderteilung</translation>
    </message>
    <message>
        <source>Click where the portal vein parts into its right and left branch.</source>
        <translation>Anklicken, wo sich die Pfortader in rechten und linken Ast teilt.</translation>
    </message>
    <message>
        <source>Umbilical portion</source>
        <translation>Pars umbilicalis</translation>
    </message>
    <message>
        <source>Click the left portal vein where it has turned to the front.</source>
        <translation>Den linken Pfortaderast anklicken, wo er sich nach vorn gewandt hat.</translation>
    </message>
    <message>
        <source>Ligamentum venosum</source>
        <translation>Ligamentum venosum</translation>
    </message>
    <message>
        <source>Click the end of the fissure between caudate and left lobe.</source>
        <translation>Das Ende der Spalte zwischen Lobus caudatus und linkem Lappen anklicken.</translation>
    </message>
    <message>
        <source>stage 1</source>
        <translation>Schritt 1</translation>
    </message>
    <message>
        <source>stage 2</source>
        <translation>Schritt 2</translation>
    </message>
    <message>
        <source>Do not occlude</source>
        <translation>Nicht verschließen</translation>
    </message>
    <message>
        <source> and {names} more</source>
        <translation> und {names} weitere</translation>
    </message>
    <message>
        <source>The stages follow when the hand rests.</source>
        <translation>Die Schritte folgen, wenn die Hand ruht.</translation>
    </message>
    <message>
        <source>Remnant, ml</source>
        <translation>Rest, ml</translation>
    </message>
    <message>
        <source>Remnant, %</source>
        <translation>Rest, %</translation>
    </message>
    <message>
        <source>Viable, %</source>
        <translation>Funktionell, %</translation>
    </message>
    <message>
        <source>Margin, mm</source>
        <translation>Resektionsrand, mm</translation>
    </message>
    <message>
        <source>Measured, %</source>
        <translation>Gemessen, %</translation>
    </message>
    <message>
        <source>Growth is not measured: enter a later study at the report.</source>
        <translation>Wachstum ist nicht gemessen: beim Bericht eine spätere Untersuchung eingeben.</translation>
    </message>
    <message>
        <source>Measured on {after_on}: {flr_ml}; of the liver of the plan’s scan.</source>
        <translation>Gemessen am {after_on}: {flr_ml}; bezogen auf die Leber im Scan des Plans.</translation>
    </message>
    <message>
        <source>Report and print</source>
        <translation>Bericht und Druck</translation>
    </message>
    <message>
        <source>Liver plans in this case</source>
        <translation>Leberpläne in diesem Fall</translation>
    </message>
    <message>
        <source>least margin and FLR of each</source>
        <translation>kleinster Resektionsrand und FLR von jedem</translation>
    </message>
    <message>
        <source>No margin was measured</source>
        <translation>Kein Resektionsrand wurde gemessen</translation>
    </message>
    <message>
        <source>Remnant per weight is left out.</source>
        <translation>Der Rest je Gewicht entfällt.</translation>
    </message>
    <message>
        <source>Print model</source>
        <translation>Modell drucken</translation>
    </message>
    <message>
        <source>Save pictures</source>
        <translation>Bilder speichern</translation>
    </message>
    <message>
        <source>Drawing the pictures</source>
        <translation>Bilder werden gezeichnet</translation>
    </message>
    <message>
        <source>by branches</source>
        <translation>nach Ästen</translation>
    </message>
    <message>
        <source>by landmarks</source>
        <translation>nach Landmarken</translation>
    </message>
    <message>
        <source>Segments I–VIII</source>
        <translation>Segmente I–VIII</translation>
    </message>
    <message>
        <source>Portal branches</source>
        <translation>Pfortaderäste</translation>
    </message>
    <message>
        <source>Hepatic veins</source>
        <translation>Lebervenen</translation>
    </message>
    <message>
        <source>Segments need both vessel trees, or the eight landmarks.</source>
        <translation>Segmente brauchen beide Gefäßbäume oder die acht Landmarken.</translation>
    </message>
    <message>
        <source>No portal vein is chosen.</source>
        <translation>Keine Pfortader ist gewählt.</translation>
    </message>
    <message>
        <source>No hepatic vein is chosen.</source>
        <translation>Keine Lebervene ist gewählt.</translation>
    </message>
    <message>
        <source>Which territories are shown</source>
        <translation>Welche Territorien zu sehen sind</translation>
    </message>
    <message>
        <source>Back to automatic</source>
        <translation>Zurück zu automatisch</translation>
    </message>
    <message>
        <source>How segments are told</source>
        <translation>Woran Segmente erkannt werden</translation>
    </message>
    <message>
        <source>Told by</source>
        <translation>Erkannt an</translation>
    </message>
    <message>
        <source>Shown</source>
        <translation>Zu sehen</translation>
    </message>
    <message numerus="yes">
        <source>%n segment(s)</source>
        <translation>
            <numerusform>%n Segment</numerusform>
            <numerusform>%n Segmente</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n branch(es)</source>
        <translation>
            <numerusform>%n Ast</numerusform>
            <numerusform>%n Äste</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n vein(s)</source>
        <translation>
            <numerusform>%n Vene</numerusform>
            <numerusform>%n Venen</numerusform>
        </translation>
    </message>
    <message>
        <source>by {method}</source>
        <translation type="vanished">nach: {method}</translation>
    </message>
    <message>
        <source>No branch of its own here</source>
        <translation>Hier kein eigener Ast</translation>
    </message>
    <message>
        <source>No voxel of its own here</source>
        <translation>Hier kein eigenes Voxel</translation>
    </message>
    <message>
        <source>No {what} of its own here</source>
        <translation type="vanished">Hier kein eigenes Gefäß ({what})</translation>
    </message>
    <message>
        <source>{value:.0f}&#x202f;% sure</source>
        <translation>zu {value:.0f}&#x202f;% sicher</translation>
    </message>
    <message>
        <source>Fed by</source>
        <translation>Versorgt von</translation>
    </message>
    <message>
        <source>Drained by</source>
        <translation>Drainiert von</translation>
    </message>
    <message>
        <source>Territories follow the branches of a tree.</source>
        <translation>Territorien folgen den Ästen eines Baums.</translation>
    </message>
    <message>
        <source>Set the landmarks</source>
        <translation>Landmarken setzen</translation>
    </message>
    <message>
        <source>Segments I–VIII are not named</source>
        <translation>Die Segmente I–VIII sind nicht benannt</translation>
    </message>
    <message>
        <source>Look at the segments</source>
        <translation>Die Segmente ansehen</translation>
    </message>
    <message>
        <source>Segment{plural} {names}: not sure</source>
        <translation>Segment{plural} {names}: nicht sicher</translation>
    </message>
    <message>
        <source>Portal branches and hepatic veins disagree here. Name the branches, or set the landmarks.</source>
        <translation>Pfortaderäste und Lebervenen widersprechen sich hier. Die Äste benennen oder die Landmarken setzen.</translation>
    </message>
    <message>
        <source>Segment {missing} is missing here.</source>
        <translation>Segment {missing} fehlt hier.</translation>
    </message>
    <message>
        <source>Accept territories</source>
        <translation>Territorien übernehmen</translation>
    </message>
    <message>
        <source>Go on without territories</source>
        <translation>Ohne Territorien weiter</translation>
    </message>
    <message>
        <source>Click places · Esc stops</source>
        <translation>Klick setzt · Esc beendet</translation>
    </message>
    <message>
        <source>Esc puts the tool down</source>
        <translation>Esc legt das Werkzeug weg</translation>
    </message>
    <message>
        <source>Preparing the liver</source>
        <translation>Leber wird vorbereitet</translation>
    </message>
    <message>
        <source>Longest diameter, volume and place</source>
        <translation>Längster Durchmesser, Volumen und Lage</translation>
    </message>
    <message>
        <source>Vessels within</source>
        <translation>Gefäße innerhalb</translation>
    </message>
    <message numerus="yes">
        <source>%n tumour(s)</source>
        <translation>
            <numerusform>%n Tumor</numerusform>
            <numerusform>%n Tumoren</numerusform>
        </translation>
    </message>
    <message>
        <source>largest {largest}</source>
        <translation>größter {largest}</translation>
    </message>
    <message>
        <source>No vessel tree is chosen: name the portal or hepatic veins in step 2.</source>
        <translation>Kein Gefäßbaum ist gewählt: Pfortader oder Lebervenen in Schritt 2 nennen.</translation>
    </message>
    <message>
        <source>Measuring the vessels near each tumour…</source>
        <translation>Gefäße nahe jedem Tumor werden gemessen …</translation>
    </message>
    <message>
        <source>none within 30 mm</source>
        <translation>keines innerhalb von 30 mm</translation>
    </message>
    <message>
        <source>the nearest is {nearest} away</source>
        <translation>das nächste ist {nearest} entfernt</translation>
    </message>
    <message>
        <source>No vessel within {reach_mm:g} mm of T{at}: {beyond}.</source>
        <translation>Kein Gefäß innerhalb von {reach_mm:g} mm um T{at}: {beyond}.</translation>
    </message>
    <message>
        <source>{near} more are farther away.</source>
        <translation>{near} weitere sind weiter entfernt.</translation>
    </message>
    <message>
        <source>The portal veins are not chosen: they are not looked at.</source>
        <translation>Die Pfortader ist nicht gewählt: sie wird nicht betrachtet.</translation>
    </message>
    <message>
        <source>The hepatic veins are not chosen: they are not looked at.</source>
        <translation>Die Lebervenen sind nicht gewählt: sie werden nicht betrachtet.</translation>
    </message>
    <message>
        <source>Volumes are planned; there is no margin to measure.</source>
        <translation>Volumen werden geplant; es gibt keinen Resektionsrand zu messen.</translation>
    </message>
    <message>
        <source>Look at the tumours</source>
        <translation>Die Tumoren ansehen</translation>
    </message>
    <message>
        <source>Measuring vessels near the tumours</source>
        <translation>Gefäße nahe den Tumoren werden gemessen</translation>
    </message>
    <message>
        <source>Accept tumours</source>
        <translation>Tumoren übernehmen</translation>
    </message>
    <message>
        <source>± {plain}, {diameter_mm} wide</source>
        <translation>± {plain}, {diameter_mm} weit</translation>
    </message>
    <message>
        <source>runs into it, {contact_cm2:.1f} cm²</source>
        <translation>läuft hinein, {contact_cm2:.1f} cm²</translation>
    </message>
    <message>
        <source>touches, {contact_cm2:.1f} cm²</source>
        <translation>berührt, {contact_cm2:.1f} cm²</translation>
    </message>
    <message>
        <source>Measuring vessels near T{id}</source>
        <translation>Gefäße nahe T{id} werden gemessen</translation>
    </message>
    <message>
        <source>Another case…</source>
        <translation>Anderer Fall …</translation>
    </message>
    <message>
        <source>A day like 2026-03-01 is needed</source>
        <translation>Ein Tag wie 2026-03-01 wird gebraucht</translation>
    </message>
    <message>
        <source>Plan {plan} of {case}</source>
        <translation>Plan {plan} von {case}</translation>
    </message>
    <message>
        <source>Plan {plan}</source>
        <translation>Plan {plan}</translation>
    </message>
    <message>
        <source>{capitalize} study</source>
        <translation type="vanished">{capitalize} Untersuchung</translation>
    </message>
    <message>
        <source>Choose the {which} study</source>
        <translation>Die Untersuchung wählen ({which})</translation>
    </message>
    <message>
        <source>Reading the {which} study</source>
        <translation>Untersuchung wird gelesen ({which})</translation>
    </message>
    <message>
        <source>Building the resections</source>
        <translation>Resektionen werden aufgebaut</translation>
    </message>
    <message>
        <source>Colouring the territories</source>
        <translation>Territorien werden gefärbt</translation>
    </message>
    <message>
        <source>Click a branch: it goes to the other tree with all beyond it.</source>
        <translation>Einen Ast anklicken: er geht mit allem Jenseitigen an den anderen Baum.</translation>
    </message>
    <message>
        <source>Click where a vessel ends. What is beyond leaves its tree.</source>
        <translation>Anklicken, wo ein Gefäß endet. Was jenseits liegt, verlässt seinen Baum.</translation>
    </message>
    <message>
        <source>Click the piece, then the vessel that it goes on into.</source>
        <translation>Das Stück anklicken, dann das Gefäß, in dem es weitergeht.</translation>
    </message>
    <message>
        <source>Click where the blood of a tree comes in or goes out.</source>
        <translation>Anklicken, wo das Blut eines Baums ein- oder austritt.</translation>
    </message>
    <message>
        <source>Now click the vessel that it goes on into.</source>
        <translation>Jetzt das Gefäß anklicken, in dem es weitergeht.</translation>
    </message>
    <message>
        <source>to the {tree_words}</source>
        <translation>an: {tree_words}</translation>
    </message>
    <message>
        <source>{length} beyond</source>
        <translation>{length} jenseits</translation>
    </message>
    <message>
        <source>{length} with a root of its own</source>
        <translation>{length} mit eigener Wurzel</translation>
    </message>
    <message>
        <source>{length} of the {tree_words}</source>
        <translation>{length} von: {tree_words}</translation>
    </message>
    <message>
        <source>the {tree_words}</source>
        <translation>{tree_words}</translation>
    </message>
    <message>
        <source>root of the {tree_words}</source>
        <translation>Wurzel: {tree_words}</translation>
    </message>
    <message>
        <source>Pieces joined</source>
        <translation>Stücke verbunden</translation>
    </message>
    <message>
        <source>Vessel cut</source>
        <translation>Gefäß getrennt</translation>
    </message>
    <message>
        <source>Cut, with a root of its own</source>
        <translation>Getrennt, mit eigener Wurzel</translation>
    </message>
    <message>
        <source>Branch to the {words}</source>
        <translation>Ast an: {words}</translation>
    </message>
    <message>
        <source>Root of the {words}</source>
        <translation>Wurzel: {words}</translation>
    </message>
    <message>
        <source>portal tree</source>
        <translation>Pfortaderbaum</translation>
    </message>
    <message>
        <source>hepatic tree</source>
        <translation>Lebervenenbaum</translation>
    </message>
    <message>
        <source>loose piece</source>
        <translation>loses Stück</translation>
    </message>
    <message>
        <source>Portal root</source>
        <translation>Wurzel der Pfortader</translation>
    </message>
    <message>
        <source>Hepatic root</source>
        <translation>Wurzel der Lebervenen</translation>
    </message>
    <message>
        <source>Trees touch</source>
        <translation>Bäume berühren sich</translation>
    </message>
    <message>
        <source>Doubtful branch</source>
        <translation>Zweifelhafter Ast</translation>
    </message>
    <message>
        <source>Portal tree</source>
        <translation>Pfortaderbaum</translation>
    </message>
    <message>
        <source>Hepatic tree</source>
        <translation>Lebervenenbaum</translation>
    </message>
    <message>
        <source>Loose pieces</source>
        <translation>Lose Stücke</translation>
    </message>
    <message>
        <source>Root</source>
        <translation>Wurzel</translation>
    </message>
    <message>
        <source>There is no vessel here.</source>
        <translation>Hier ist kein Gefäß.</translation>
    </message>
    <message>
        <source>piece to join</source>
        <translation>zu verbindendes Stück</translation>
    </message>
    <message>
        <source>correction of the vessels</source>
        <translation>Korrektur der Gefäße</translation>
    </message>
    <message>
        <source>it is so already</source>
        <translation>es ist schon so</translation>
    </message>
    <message>
        <source>{words} Nothing was changed.</source>
        <translation>{words} Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>Placing the first cut</source>
        <translation>Erster Schnitt wird gesetzt</translation>
    </message>
    <message>
        <source>Placing another cut</source>
        <translation>Weiterer Schnitt wird gesetzt</translation>
    </message>
    <message>
        <source>Colouring the cut</source>
        <translation>Schnitt wird gefärbt</translation>
    </message>
    <message>
        <source>Measuring plan {name}</source>
        <translation>Plan {name} wird gemessen</translation>
    </message>
    <message>
        <source>{upper}{kind} plan{number}</source>
        <translation type="vanished">{upper}{kind}-Plan{number}</translation>
    </message>
    <message>
        <source>New {kind} plan</source>
        <translation type="vanished">Neuer {kind}-Plan</translation>
    </message>
    <message>
        <source>{kind} plan{number}</source>
        <translation type="vanished">{kind}-Plan{number}</translation>
    </message>
    <message>
        <source>Rename plan</source>
        <translation>Plan umbenennen</translation>
    </message>
    <message>
        <source>Delete this plan</source>
        <translation>Diesen Plan löschen</translation>
    </message>
    <message>
        <source>S-curve, views with the annulus edge on. {words}</source>
        <translation>S-Kurve, Ansichten mit dem Anulus auf der Kante. {words}</translation>
    </message>
    <message>
        <source>LAO {lao}</source>
        <translation>LAO {lao}</translation>
    </message>
    <message>
        <source>room limit</source>
        <translation>Grenze des Saals</translation>
    </message>
    <message>
        <source>calcium {arc:.0f}°</source>
        <translation>Kalk {arc:.0f}°</translation>
    </message>
    <message>
        <source>Edited</source>
        <translation>Bearbeitet</translation>
    </message>
    <message>
        <source>Near an edit</source>
        <translation>Nahe einer Bearbeitung</translation>
    </message>
    <message>
        <source>{how}; automatic not closed</source>
        <translation>{how}; automatisch nicht geschlossen</translation>
    </message>
    <message>
        <source>{how}; automatic {least} × {greatest} mm</source>
        <translation>{how}; automatisch {least} × {greatest} mm</translation>
    </message>
    <message>
        <source>Drag a handle to pull the edge; Delete lets it go. A pull holds for {held:g} mm along the vessel and fades out at {reach:g} mm.</source>
        <translation>Einen Griff ziehen, um den Rand zu verschieben; Entf lässt ihn los. Ein Zug gilt für {held:g} mm entlang des Gefäßes und klingt bis {reach:g} mm ab.</translation>
    </message>
    <message>
        <source>The lumen is not closed here: branch or edge of the scan</source>
        <translation>Das Lumen ist hier nicht geschlossen: Abgang oder Rand des Scans</translation>
    </message>
    <message>
        <source>near an edit</source>
        <translation>nahe einer Bearbeitung</translation>
    </message>
    <message>
        <source>Calcium arc</source>
        <translation>Kalkbogen</translation>
    </message>
    <message numerus="yes">
        <source>%n section(s) edited</source>
        <translation>
            <numerusform>%n Querschnitt bearbeitet</numerusform>
            <numerusform>%n Querschnitte bearbeitet</numerusform>
        </translation>
    </message>
    <message>
        <source>Diameter along the vessel</source>
        <translation>Durchmesser entlang des Gefäßes</translation>
    </message>
    <message>
        <source>, at {along:.0f} millimetres</source>
        <translation>, bei {along:.0f} Millimetern</translation>
    </message>
    <message>
        <source>: least {least:.1f}, greatest {greatest:.1f} millimetres</source>
        <translation>: kleinster {least:.1f}, größter {greatest:.1f} Millimeter</translation>
    </message>
    <message>
        <source>Diameter, mm</source>
        <translation>Durchmesser, mm</translation>
    </message>
    <message>
        <source>least {least}  greatest {greatest} mm</source>
        <translation>kleinster {least}  größter {greatest} mm</translation>
    </message>
    <message>
        <source>min {least}  max {greatest}</source>
        <translation type="vanished">min {least}  max {greatest}</translation>
    </message>
    <message>
        <source>not closed</source>
        <translation>nicht geschlossen</translation>
    </message>
    <message>
        <source>Not scored</source>
        <translation>Nicht bewertet</translation>
    </message>
    <message>
        <source>Scan without contrast</source>
        <translation>Scan ohne Kontrastmittel</translation>
    </message>
    <message>
        <source>Without contrast</source>
        <translation>Ohne Kontrastmittel</translation>
    </message>
    <message>
        <source>Scoring the calcium</source>
        <translation>Kalk wird bewertet</translation>
    </message>
    <message>
        <source>Reading the scan without contrast</source>
        <translation>Scan ohne Kontrastmittel wird gelesen</translation>
    </message>
    <message>
        <source>Agatston score</source>
        <translation>Agatston-Score</translation>
    </message>
    <message>
        <source>severe likely from: {limits}</source>
        <translation>schwer wahrscheinlich ab: {limits}</translation>
    </message>
    <message>
        <source>Area times weight of islands of 1 mm² or more over 130 HU, in slices of 3 mm</source>
        <translation>Fläche mal Gewicht von Inseln ab 1 mm² über 130 HU, in Schichten von 3 mm</translation>
    </message>
    <message>
        <source>Volume over 130 HU</source>
        <translation>Volumen über 130 HU</translation>
    </message>
    <message>
        <source>{positive} or {negative}, degrees</source>
        <translation>{positive} oder {negative}, Grad</translation>
    </message>
    <message>
        <source>This is the plan&apos;s phase. Place the point here, or use the other phase in step 1</source>
        <translation>Das ist die Phase des Plans. Den Punkt hier setzen oder in Schritt 1 die andere Phase nehmen</translation>
    </message>
    <message>
        <source>Simulating fluoroscopy</source>
        <translation>Durchleuchtung wird simuliert</translation>
    </message>
    <message>
        <source>Preparing fluoroscopy</source>
        <translation>Durchleuchtung wird vorbereitet</translation>
    </message>
    <message>
        <source>Measuring the annulus</source>
        <translation>Anulus wird gemessen</translation>
    </message>
    <message>
        <source>Preparing live numbers</source>
        <translation>Laufende Zahlen werden vorbereitet</translation>
    </message>
    <message>
        <source>Measuring the neo-LVOT</source>
        <translation>Der neue LVOT wird gemessen</translation>
    </message>
    <message>
        <source>a point of the mitral annulus</source>
        <translation>ein Punkt des Mitralanulus</translation>
    </message>
    <message>
        <source>Reading the outflow tract</source>
        <translation>Ausflusstrakt wird gelesen</translation>
    </message>
    <message>
        <source>Measuring the other phases</source>
        <translation>Andere Phasen werden gemessen</translation>
    </message>
    <message>
        <source>Follow the annulus first, in step 1</source>
        <translation>Zuerst den Anulus verfolgen, in Schritt 1</translation>
    </message>
    <message>
        <source>Place the mitral annulus first</source>
        <translation>Zuerst den Mitralanulus setzen</translation>
    </message>
    <message>
        <source>Following the mitral annulus</source>
        <translation>Mitralanulus wird verfolgt</translation>
    </message>
    <message>
        <source>Mitral valve</source>
        <translation>Mitralklappe</translation>
    </message>
    <message>
        <source>In the ventricle</source>
        <translation>Im Ventrikel</translation>
    </message>
    <message>
        <source>Neo-LVOT</source>
        <translation>Neuer LVOT</translation>
    </message>
    <message>
        <source>neo-LVOT {area_mm2}</source>
        <translation>neuer LVOT {area_mm2}</translation>
    </message>
    <message>
        <source>Mitral annulus</source>
        <translation>Mitralanulus</translation>
    </message>
    <message>
        <source>Neo-LVOT, least area</source>
        <translation>Neuer LVOT, kleinste Fläche</translation>
    </message>
    <message>
        <source>The neo-LVOT comes in a moment.</source>
        <translation>Der neue LVOT kommt gleich.</translation>
    </message>
    <message>
        <source>Click six points or more round the mitral annulus, in any pane; turn the planes with comma and full stop.</source>
        <translation>Sechs oder mehr Punkte um den Mitralanulus klicken, in jeder Ansicht; die Ebenen mit Komma und Punkt drehen.</translation>
    </message>
    <message>
        <source>Place the mitral annulus</source>
        <translation>Mitralanulus setzen</translation>
    </message>
    <message>
        <source>End-systole alone overestimates the risk; look at the other phases too.</source>
        <translation>Die Endsystole allein überschätzt das Risiko; auch die anderen Phasen ansehen.</translation>
    </message>
    <message>
        <source>Told of one phase: {phase}</source>
        <translation>Aus einer Phase: {phase}</translation>
    </message>
    <message>
        <source>Told of one phase</source>
        <translation>Aus einer Phase</translation>
    </message>
    <message>
        <source>Done placing</source>
        <translation>Setzen beenden</translation>
    </message>
    <message>
        <source>Add points</source>
        <translation>Punkte hinzufügen</translation>
    </message>
    <message>
        <source>Place annulus</source>
        <translation>Anulus setzen</translation>
    </message>
    <message>
        <source>Click in the image</source>
        <translation>In das Bild klicken</translation>
    </message>
    <message>
        <source>All phases</source>
        <translation>Alle Phasen</translation>
    </message>
    <message>
        <source>No mitral valve</source>
        <translation>Keine Mitralklappe</translation>
    </message>
    <message>
        <source>Mitral valve, {size} mm</source>
        <translation>Mitralklappe, {size} mm</translation>
    </message>
    <message>
        <source>Obstruction of the outflow tract likely</source>
        <translation>Obstruktion des Ausflusstrakts wahrscheinlich</translation>
    </message>
    <message>
        <source>Within its uncertainty of a limit</source>
        <translation>Innerhalb der Unsicherheit einer Grenze</translation>
    </message>
    <message>
        <source>Over both limits</source>
        <translation>Über beiden Grenzen</translation>
    </message>
    <message>
        <source>Held against {limits} mm² ({authors}).</source>
        <translation>Verglichen mit {limits} mm² ({authors}).</translation>
    </message>
    <message>
        <source>The frame stands in no plane of the tract; the tract’s own least area is given. {text}</source>
        <translation>Der Rahmen steht in keiner Ebene des Trakts; angegeben ist die kleinste Fläche des Trakts selbst. {text}</translation>
    </message>
    <message>
        <source>Outflow tract there</source>
        <translation>Ausflusstrakt dort</translation>
    </message>
    <message>
        <source>Left of it</source>
        <translation>Bleibt davon</translation>
    </message>
    <message>
        <source>Over {limit_mm2} mm²</source>
        <translation>Über {limit_mm2} mm²</translation>
    </message>
    <message>
        <source>Mitral annulus, projected</source>
        <translation>Mitralanulus, projiziert</translation>
    </message>
    <message>
        <source>Its mean diameter</source>
        <translation>Sein mittlerer Durchmesser</translation>
    </message>
    <message>
        <source>Mean of all phases</source>
        <translation>Mittel aller Phasen</translation>
    </message>
    <message>
        <source>Phase {phase}</source>
        <translation>Phase {phase}</translation>
    </message>
    <message>
        <source>Scan and phase</source>
        <translation>Scan und Phase</translation>
    </message>
    <message>
        <source>Aortic root</source>
        <translation>Aortenwurzel</translation>
    </message>
    <message>
        <source>Annulus</source>
        <translation>Anulus</translation>
    </message>
    <message>
        <source>Root dimensions</source>
        <translation>Maße der Wurzel</translation>
    </message>
    <message>
        <source>Calcium</source>
        <translation>Kalk</translation>
    </message>
    <message>
        <source>Projections</source>
        <translation>Projektionen</translation>
    </message>
    <message>
        <source>Valve</source>
        <translation>Klappe</translation>
    </message>
    <message>
        <source>Access and report</source>
        <translation>Zugang und Bericht</translation>
    </message>
    <message>
        <source>NCC hinge</source>
        <translation>Hinge-Punkt NCC</translation>
    </message>
    <message>
        <source>RCC hinge</source>
        <translation>Hinge-Punkt RCC</translation>
    </message>
    <message>
        <source>LCC hinge</source>
        <translation>Hinge-Punkt LCC</translation>
    </message>
    <message>
        <source>Left ostium</source>
        <translation>Linkes Ostium</translation>
    </message>
    <message>
        <source>Right ostium</source>
        <translation>Rechtes Ostium</translation>
    </message>
    <message>
        <source>Click the lowest point of the non-coronary cusp.</source>
        <translation>Den tiefsten Punkt der akoronaren Tasche anklicken.</translation>
    </message>
    <message>
        <source>Click the lowest point of the right coronary cusp.</source>
        <translation>Den tiefsten Punkt der rechtskoronaren Tasche anklicken.</translation>
    </message>
    <message>
        <source>Click the lowest point of the left coronary cusp.</source>
        <translation>Den tiefsten Punkt der linkskoronaren Tasche anklicken.</translation>
    </message>
    <message>
        <source>Click the lowest rim point of the left ostium.</source>
        <translation>Den tiefsten Randpunkt des linken Ostiums anklicken.</translation>
    </message>
    <message>
        <source>Click the lowest rim point of the right ostium.</source>
        <translation>Den tiefsten Randpunkt des rechten Ostiums anklicken.</translation>
    </message>
    <message>
        <source>Probability of the size. {words}, {source}</source>
        <translation>Wahrscheinlichkeit der Größe. {words}, {source}</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>Finding the root</source>
        <translation>Wurzel wird gesucht</translation>
    </message>
    <message>
        <source>Automatic least</source>
        <translation>Kleinster, automatisch</translation>
    </message>
    <message>
        <source>Tortuosity</source>
        <translation>Schlängelung</translation>
    </message>
    <message>
        <source>Bends over 30°</source>
        <translation>Biegungen über 30°</translation>
    </message>
    <message>
        <source>Sharpest bend</source>
        <translation>Stärkste Biegung</translation>
    </message>
    <message>
        <source>Calcium arc at the minimum</source>
        <translation>Kalkbogen an der engsten Stelle</translation>
    </message>
    <message>
        <source>Circumferential calcium</source>
        <translation>Umlaufender Kalk</translation>
    </message>
    <message>
        <source> by hand</source>
        <translation> von Hand</translation>
    </message>
    <message>
        <source>least {min_diameter_mm:.1f} millimetres{by_hand}</source>
        <translation>kleinster {min_diameter_mm:.1f} Millimeter{by_hand}</translation>
    </message>
    <message>
        <source>sheath ratio</source>
        <translation>Schleusenverhältnis</translation>
    </message>
    <message>
        <source>leaves the aorta</source>
        <translation>die Aorta verlässt</translation>
    </message>
    <message>
        <source>leaves the arch</source>
        <translation>den Bogen verlässt</translation>
    </message>
    <message>
        <source>in the groin</source>
        <translation>in der Leiste liegt</translation>
    </message>
    <message>
        <source>where the sheath would go in</source>
        <translation>von der Schleuse betreten würde</translation>
    </message>
    <message>
        <source>{name}: click inside it where it {where}.</source>
        <translation>{name}: im Gefäß anklicken, wo es {where}.</translation>
    </message>
    <message>
        <source>{name}: click inside it {last}.</source>
        <translation>{name}: im Gefäß anklicken, wo es {last}.</translation>
    </message>
    <message>
        <source>Finding the iliac arteries</source>
        <translation>Beckenarterien werden gesucht</translation>
    </message>
    <message>
        <source>Following the artery</source>
        <translation>Der Arterie wird gefolgt</translation>
    </message>
    <message>
        <source>Wait for the new numbers</source>
        <translation>Auf die neuen Zahlen warten</translation>
    </message>
    <message>
        <source>Enter accepts · E edits</source>
        <translation type="vanished">Enter übernimmt · E bearbeitet</translation>
    </message>
    <message>
        <source>{key} edits</source>
        <translation>{key} bearbeitet</translation>
    </message>
    <message>
        <source>Show annulus</source>
        <translation>Anulus zeigen</translation>
    </message>
    <message>
        <source>Move hinges</source>
        <translation>Hinge-Punkte verschieben</translation>
    </message>
    <message>
        <source>Valve sizes at this annulus</source>
        <translation>Klappengrößen an diesem Anulus</translation>
    </message>
    <message>
        <source>Accept annulus</source>
        <translation>Anulus übernehmen</translation>
    </message>
    <message>
        <source>Nothing was pulled</source>
        <translation>Nichts wurde gezogen</translation>
    </message>
    <message>
        <source>Drag a handle to pull the contour</source>
        <translation>Einen Griff ziehen, um die Kontur zu verschieben</translation>
    </message>
    <message>
        <source>Brightest in {SLAB_MM:.0f} mm</source>
        <translation>Hellstes in {SLAB_MM:.0f} mm</translation>
    </message>
    <message>
        <source>Calcium of root and LVOT</source>
        <translation>Kalk von Wurzel und LVOT</translation>
    </message>
    <message>
        <source>Painting the calcium</source>
        <translation>Kalk wird gemalt</translation>
    </message>
    <message>
        <source>Use the lumen’s threshold</source>
        <translation>Schwelle des Lumens nehmen</translation>
    </message>
    <message>
        <source>Accept calcium</source>
        <translation>Kalk übernehmen</translation>
    </message>
    <message>
        <source>LCA {left_height_mm}</source>
        <translation>LCA {left_height_mm}</translation>
    </message>
    <message>
        <source>Sinuses</source>
        <translation>Sinus</translation>
    </message>
    <message>
        <source>Ascending aorta</source>
        <translation>Aorta ascendens</translation>
    </message>
    <message>
        <source>Move ostia</source>
        <translation>Ostien verschieben</translation>
    </message>
    <message>
        <source>Show levels</source>
        <translation>Ebenen zeigen</translation>
    </message>
    <message>
        <source>Accept dimensions</source>
        <translation>Maße übernehmen</translation>
    </message>
    <message numerus="yes">
        <source>3 hinges, %n (ostium|ostia)</source>
        <translation>
            <numerusform>3 Hinge-Punkte, %n Ostium</numerusform>
            <numerusform>3 Hinge-Punkte, %n Ostien</numerusform>
        </translation>
    </message>
    <message>
        <source>Hinge points placed</source>
        <translation>Hinge-Punkte gesetzt</translation>
    </message>
    <message>
        <source>Hinge points found</source>
        <translation>Hinge-Punkte gefunden</translation>
    </message>
    <message>
        <source>hinges</source>
        <translation>Hinge-Punkte</translation>
    </message>
    <message>
        <source>Looking for the aortic root. It can be stopped below.</source>
        <translation>Die Aortenwurzel wird gesucht. Unten kann es angehalten werden.</translation>
    </message>
    <message>
        <source>Find the root, or place the hinges by hand. {words}</source>
        <translation>Die Wurzel finden oder die Hinge-Punkte von Hand setzen. {words}</translation>
    </message>
    <message>
        <source>Drag a point to move it, or select it and use the arrow keys. Comma and full stop turn the planes.</source>
        <translation>Einen Punkt ziehen, um ihn zu verschieben, oder wählen und die Pfeiltasten nehmen. Komma und Punkt drehen die Ebenen.</translation>
    </message>
    <message>
        <source>Undo move</source>
        <translation>Bewegung zurücknehmen</translation>
    </message>
    <message>
        <source>Place the {POINT_NAMES}</source>
        <translation>Setzen: {POINT_NAMES}</translation>
    </message>
    <message>
        <source>Accept root</source>
        <translation>Wurzel übernehmen</translation>
    </message>
    <message>
        <source>Looking for the root</source>
        <translation>Wurzel wird gesucht</translation>
    </message>
    <message>
        <source>Find the root</source>
        <translation>Wurzel finden</translation>
    </message>
    <message>
        <source>Enter finds</source>
        <translation>Enter sucht</translation>
    </message>
    <message>
        <source>Place ostia</source>
        <translation>Ostien setzen</translation>
    </message>
    <message>
        <source>phase not stated</source>
        <translation>Phase nicht angegeben</translation>
    </message>
    <message>
        <source>Heart phase</source>
        <translation>Herzphase</translation>
    </message>
    <message>
        <source>Import a CT first.</source>
        <translation>Zuerst ein CT importieren.</translation>
    </message>
    <message>
        <source>not stated in the scan</source>
        <translation>im Scan nicht angegeben</translation>
    </message>
    <message>
        <source>The heart phase is not known</source>
        <translation>Die Herzphase ist nicht bekannt</translation>
    </message>
    <message>
        <source>Use this phase</source>
        <translation>Diese Phase nehmen</translation>
    </message>
    <message>
        <source>Use this scan</source>
        <translation>Diesen Scan nehmen</translation>
    </message>
    <message>
        <source>Stop following</source>
        <translation>Verfolgen anhalten</translation>
    </message>
    <message>
        <source>Follow annulus</source>
        <translation>Anulus verfolgen</translation>
    </message>
    <message>
        <source>Native aortic valve</source>
        <translation>Native Klappe</translation>
    </message>
    <message>
        <source>Aortic prosthesis</source>
        <translation>Aortenprothese</translation>
    </message>
    <message>
        <source>Verify sizes against the maker’s instructions.</source>
        <translation>Größen mit den Angaben des Herstellers vergleichen.</translation>
    </message>
    <message>
        <source>Depth below annulus</source>
        <translation>Tiefe unter dem Anulus</translation>
    </message>
    <message>
        <source>Implanted in</source>
        <translation>Implantiert in</translation>
    </message>
    <message>
        <source>True inner diameter</source>
        <translation>Wahrer Innendurchmesser</translation>
    </message>
    <message>
        <source>No size fits</source>
        <translation>Keine Größe passt</translation>
    </message>
    <message>
        <source>No size is proposed</source>
        <translation>Keine Größe ist vorgeschlagen</translation>
    </message>
    <message>
        <source>{valve} on {annulus}</source>
        <translation>{valve} auf {annulus}</translation>
    </message>
    <message>
        <source>inner diameter</source>
        <translation>Innendurchmesser</translation>
    </message>
    <message>
        <source>{valve} in {prosthesis}</source>
        <translation>{valve} in {prosthesis}</translation>
    </message>
    <message>
        <source>Oversizing by {basis}</source>
        <translation>Oversizing nach {basis}</translation>
    </message>
    <message>
        <source>from {annulus}</source>
        <translation>von {annulus}</translation>
    </message>
    <message>
        <source>, between readers</source>
        <translation>, zwischen Untersuchern</translation>
    </message>
    <message>
        <source>Between sizes</source>
        <translation>Zwischen zwei Größen</translation>
    </message>
    <message>
        <source>Both are drawn in the bar. Look at each in the matrix.</source>
        <translation>Beide sind im Balken gezeichnet. Jede in der Matrix ansehen.</translation>
    </message>
    <message>
        <source>Septum not measured</source>
        <translation>Septum nicht gemessen</translation>
    </message>
    <message>
        <source>Depth is not held against it.</source>
        <translation>Die Tiefe wird nicht damit verglichen.</translation>
    </message>
    <message>
        <source>Type the prosthesis’s true inner diameter, as its maker states it.</source>
        <translation>Den wahren Innendurchmesser der Prothese eingeben, wie ihn der Hersteller angibt.</translation>
    </message>
    <message>
        <source>Inner diameter not known</source>
        <translation>Innendurchmesser nicht bekannt</translation>
    </message>
    <message>
        <source>Valve, {size_words}</source>
        <translation>Klappe, {size_words}</translation>
    </message>
    <message>
        <source>Accept neo-LVOT</source>
        <translation>Neuen LVOT übernehmen</translation>
    </message>
    <message>
        <source>The commissures were not found</source>
        <translation>Die Kommissuren wurden nicht gefunden</translation>
    </message>
    <message>
        <source>Wait for the calcium</source>
        <translation>Auf den Kalk warten</translation>
    </message>
    <message>
        <source>Align posts</source>
        <translation>Pfosten ausrichten</translation>
    </message>
    <message>
        <source>Other valve</source>
        <translation>Andere Klappe</translation>
    </message>
    <message>
        <source>Drag the square: depth · 0.5 mm</source>
        <translation>Quadrat ziehen: Tiefe · 0,5 mm</translation>
    </message>
    <message>
        <source>Choose a size by hand</source>
        <translation>Eine Größe von Hand wählen</translation>
    </message>
    <message>
        <source>Enter opens the list</source>
        <translation>Enter öffnet die Liste</translation>
    </message>
    <message>
        <source>Choose {name}</source>
        <translation>{name} wählen</translation>
    </message>
    <message>
        <source>Three-cusp</source>
        <translation>Drei Taschen</translation>
    </message>
    <message>
        <source>Cusp overlap</source>
        <translation>Taschenüberlappung</translation>
    </message>
    <message>
        <source>NCC over RCC</source>
        <translation>NCC über RCC</translation>
    </message>
    <message>
        <source>{name} view</source>
        <translation>Ansicht {name}</translation>
    </message>
    <message>
        <source>C-arm now</source>
        <translation>C-Bogen jetzt</translation>
    </message>
    <message>
        <source>annulus open by {value}&#x202f;%</source>
        <translation>Anulus um {value}&#x202f;% offen</translation>
    </message>
    <message>
        <source>C-arm</source>
        <translation>C-Bogen</translation>
    </message>
    <message>
        <source>Forget view</source>
        <translation>Ansicht vergessen</translation>
    </message>
    <message>
        <source>Add this view</source>
        <translation>Diese Ansicht hinzufügen</translation>
    </message>
    <message>
        <source>As scanned</source>
        <translation>Wie gescannt</translation>
    </message>
    <message>
        <source>Keep these views</source>
        <translation>Diese Ansichten behalten</translation>
    </message>
    <message>
        <source>Drag along the curve · Shift 5°</source>
        <translation>Kurve ziehen · Umschalt 5°</translation>
    </message>
    <message>
        <source>View {number}</source>
        <translation>Ansicht {number}</translation>
    </message>
    <message>
        <source>depth {depth_mm}&#x202f;mm</source>
        <translation>Tiefe {depth_mm}&#x202f;mm</translation>
    </message>
    <message>
        <source>turned {rotation_deg:.0f}°</source>
        <translation>gedreht um {rotation_deg:.0f}°</translation>
    </message>
    <message>
        <source>turned {rotation_deg}° from the RCC–LCC commissure</source>
        <translation>{rotation_deg}° zur Kommissur RCC–LCC</translation>
    </message>
    <message>
        <source>VTC {side} {valve}</source>
        <translation>VTC {side} {valve}</translation>
    </message>
    <message>
        <source>VTSTJ {vtstj_mm}</source>
        <translation>VTSTJ {vtstj_mm}</translation>
    </message>
    <message>
        <source>Preparing the valve</source>
        <translation>Klappe wird vorbereitet</translation>
    </message>
    <message>
        <source>Placing the valve</source>
        <translation>Klappe wird gesetzt</translation>
    </message>
    <message>
        <source>{count} size</source>
        <translation type="vanished">{count} Größe</translation>
    </message>
    <message>
        <source>The scan is not good enough to choose a size</source>
        <translation>Der Scan reicht nicht aus, um eine Größe zu wählen</translation>
    </message>
    <message>
        <source>Valves that fit</source>
        <translation>Passende Klappen</translation>
    </message>
    <message>
        <source>fits, {probability}</source>
        <translation>passt, {probability}</translation>
    </message>
    <message>
        <source>does not fit</source>
        <translation>passt nicht</translation>
    </message>
    <message>
        <source>not chosen</source>
        <translation>nicht gewählt</translation>
    </message>
    <message>
        <source>By {basis}. Source: {source}</source>
        <translation>Nach {basis}. Quelle: {source}</translation>
    </message>
    <message>
        <source>Septum minus depth</source>
        <translation>Septum minus Tiefe</translation>
    </message>
    <message>
        <source>The membranous septum was not measured</source>
        <translation>Das membranöse Septum wurde nicht gemessen</translation>
    </message>
    <message>
        <source>VTC left</source>
        <translation>VTC links</translation>
    </message>
    <message>
        <source>The left ostium was not found</source>
        <translation>Das linke Ostium wurde nicht gefunden</translation>
    </message>
    <message>
        <source>VTC right</source>
        <translation>VTC rechts</translation>
    </message>
    <message>
        <source>The right ostium was not found</source>
        <translation>Das rechte Ostium wurde nicht gefunden</translation>
    </message>
    <message>
        <source>The sinotubular junction was not measured</source>
        <translation>Der sinutubuläre Übergang wurde nicht gemessen</translation>
    </message>
    <message>
        <source>Calcium touched</source>
        <translation>Berührter Kalk</translation>
    </message>
    <message>
        <source>Posts off commissures</source>
        <translation>Pfosten zu Kommissuren</translation>
    </message>
    <message>
        <source>perimeter {low_mm}–{high_mm} mm</source>
        <translation>Umfang {low_mm}–{high_mm} mm</translation>
    </message>
    <message>
        <source>Obstruction not known on either side</source>
        <translation>Obstruktion auf keiner Seite bekannt</translation>
    </message>
    <message>
        <source>{model}, oversizing by {basis}. Verify sizes against the maker’s instructions.</source>
        <translation>{model}, Oversizing nach {basis}. Größen mit den Angaben des Herstellers vergleichen.</translation>
    </message>
    <message>
        <source>There is a plan {name} already</source>
        <translation>Es gibt schon einen Plan {name}</translation>
    </message>
    <message>
        <source>moved points</source>
        <translation>verschobene Punkte</translation>
    </message>
    <message>
        <source>Measuring the root</source>
        <translation>Wurzel wird gemessen</translation>
    </message>
    <message>
        <source>Let plans use {lower}. Undo takes it back.</source>
        <translation>Pläne dürfen {lower} nutzen. Rückgängig nimmt es zurück.</translation>
    </message>
    <message>
        <source>Look at these first</source>
        <translation>Diese zuerst ansehen</translation>
    </message>
    <message>
        <source>, then at {more} more</source>
        <translation>, dann {more} weitere</translation>
    </message>
    <message>
        <source>not to be used</source>
        <translation>nicht zu nutzen</translation>
    </message>
    <message>
        <source>A person said so</source>
        <translation>Eine Person sagte es</translation>
    </message>
    <message>
        <source>A model found these and is not sure: {words}</source>
        <translation>Ein Modell fand diese und ist nicht sicher: {words}</translation>
    </message>
    <message>
        <source>sheath, outer {sheath_mm}</source>
        <translation>Schleuse, außen {sheath_mm}</translation>
    </message>
    <message>
        <source>least vessel {vessel_mm}</source>
        <translation>engstes Gefäß {vessel_mm}</translation>
    </message>
    <message>
        <source> from the {begins}</source>
        <translation> ab {begins}</translation>
    </message>
    <message>
        <source>The contour cannot go through this place. Pull it less far</source>
        <translation>Die Kontur kann nicht durch diese Stelle gehen. Weniger weit ziehen</translation>
    </message>
    <message>
        <source>Branches</source>
        <translation>Äste</translation>
    </message>
    <message>
        <source>Aneurysm</source>
        <translation>Aneurysma</translation>
    </message>
    <message>
        <source>Growth</source>
        <translation>Wachstum</translation>
    </message>
    <message>
        <source>First point</source>
        <translation>Erster Punkt</translation>
    </message>
    <message>
        <source>Second point</source>
        <translation>Zweiter Punkt</translation>
    </message>
    <message>
        <source>Click inside the vessel where it shall begin, or let both ends be found.</source>
        <translation>In das Gefäß klicken, wo es beginnen soll, oder beide Enden finden lassen.</translation>
    </message>
    <message>
        <source>Click inside the same vessel where it shall end, or let both ends be found.</source>
        <translation>In dasselbe Gefäß klicken, wo es enden soll, oder beide Enden finden lassen.</translation>
    </message>
    <message>
        <source>The neck is too short, or nothing closed lies there</source>
        <translation>Der Hals ist zu kurz, oder dort liegt nichts Geschlossenes</translation>
    </message>
    <message>
        <source>The lumen widens by 10 % nowhere below</source>
        <translation>Das Lumen weitet sich darunter nirgends um 10 %</translation>
    </message>
    <message>
        <source>Too little of the vessel lies above or below for its direction</source>
        <translation>Zu wenig vom Gefäß liegt darüber oder darunter für seine Richtung</translation>
    </message>
    <message>
        <source>Neck length</source>
        <translation>Halslänge</translation>
    </message>
    <message>
        <source>Infrarenal angle</source>
        <translation>Infrarenaler Winkel</translation>
    </message>
    <message>
        <source>Suprarenal angle</source>
        <translation>Suprarenaler Winkel</translation>
    </message>
    <message>
        <source>Neck diameter</source>
        <translation>Halsdurchmesser</translation>
    </message>
    <message>
        <source>Neck and sac</source>
        <translation>Hals und Sack</translation>
    </message>
    <message>
        <source>Below the fork</source>
        <translation>Unterhalb der Gabel</translation>
    </message>
    <message>
        <source>Usual instructions for use</source>
        <translation>Übliche Gebrauchsanweisungen</translation>
    </message>
    <message>
        <source>no aneurysm</source>
        <translation>kein Aneurysma</translation>
    </message>
    <message>
        <source>Click where the lowest renal artery leaves the aorta.</source>
        <translation>Anklicken, wo die tiefste Nierenarterie die Aorta verlässt.</translation>
    </message>
    <message>
        <source>Place the lowest renal artery: click it in the slices, or go along the vessel and take the section that is shown. Without it the neck is counted from the upper end.</source>
        <translation>Die tiefste Nierenarterie setzen: in den Schichten anklicken oder am Gefäß entlanggehen und den gezeigten Querschnitt nehmen. Ohne sie zählt der Hals ab dem oberen Ende.</translation>
    </message>
    <message>
        <source>Greatest diameter below</source>
        <translation>Größter Durchmesser darunter</translation>
    </message>
    <message>
        <source>Greatest diameter</source>
        <translation>Größter Durchmesser</translation>
    </message>
    <message>
        <source>Lumen, inner to inner. {upper}{limits_source}.</source>
        <translation>Lumen, innen zu innen. {upper}{limits_source}.</translation>
    </message>
    <message>
        <source>{capitalize} landing zone</source>
        <translation type="vanished">Landezone, {capitalize}</translation>
    </message>
    <message>
        <source>{capitalize} common iliac</source>
        <translation type="vanished">Arteria iliaca communis, {capitalize}</translation>
    </message>
    <message>
        <source>{side} landing zone</source>
        <translation>Landezone, {side}</translation>
    </message>
    <message>
        <source>{side} common iliac</source>
        <translation>Arteria iliaca communis, {side}</translation>
    </message>
    <message>
        <source>Length from the fork of the aorta to the internal iliac artery</source>
        <translation>Länge von der Gabel der Aorta bis zur inneren Beckenarterie</translation>
    </message>
    <message>
        <source>Greatest there</source>
        <translation>Größter dort</translation>
    </message>
    <message>
        <source>Greatest diameter of the {side} common iliac artery, 12 mm below the fork and farther</source>
        <translation>Größter Durchmesser der Arteria iliaca communis ({side}), 12 mm unter der Gabel und weiter</translation>
    </message>
    <message>
        <source>This place is not at the vessel</source>
        <translation>Diese Stelle liegt nicht am Gefäß</translation>
    </message>
    <message>
        <source>Let go where the artery leaves the aorta.</source>
        <translation>Dort loslassen, wo die Arterie die Aorta verlässt.</translation>
    </message>
    <message>
        <source>Both landing zones are</source>
        <translation>Beide Landezonen sind</translation>
    </message>
    <message>
        <source>The {missing} landing zone is</source>
        <translation>Die Landezone ({missing}) ist</translation>
    </message>
    <message>
        <source>{both} not measured</source>
        <translation>{both} nicht gemessen</translation>
    </message>
    <message>
        <source>{join}. Branches are in step 3.</source>
        <translation>{join}. Äste sind in Schritt 3.</translation>
    </message>
    <message>
        <source>← → station</source>
        <translation>← → Messstelle</translation>
    </message>
    <message>
        <source>Renal here</source>
        <translation>Nierenarterie hier</translation>
    </message>
    <message>
        <source>Place lowest renal</source>
        <translation>Tiefste Nierenarterie setzen</translation>
    </message>
    <message>
        <source>From upper end</source>
        <translation>Ab dem oberen Ende</translation>
    </message>
    <message>
        <source>Click renal</source>
        <translation>Nierenarterie anklicken</translation>
    </message>
    <message>
        <source>← → station · E here</source>
        <translation type="vanished">← → Messstelle · E hier</translation>
    </message>
    <message>
        <source>{key} here</source>
        <translation>{key} hier</translation>
    </message>
    <message>
        <source>Lowest renal</source>
        <translation>Tiefste Nierenarterie</translation>
    </message>
    <message>
        <source>Neck</source>
        <translation>Hals</translation>
    </message>
    <message>
        <source>Neck ends</source>
        <translation>Hals endet</translation>
    </message>
    <message>
        <source>From the lowest renal artery to where the mean diameter stays 10 % above that at the artery</source>
        <translation>Von der tiefsten Nierenarterie bis dort, wo der mittlere Durchmesser 10 % über dem an der Arterie bleibt</translation>
    </message>
    <message>
        <source>Neck at {at:.0f}&#x202f;mm</source>
        <translation>Hals bei {at:.0f}&#x202f;mm</translation>
    </message>
    <message>
        <source>Mean of least and greatest width {at:.0f} mm below the lowest renal artery, lumen only</source>
        <translation>Mittel aus kleinster und größter Weite {at:.0f} mm unter der tiefsten Nierenarterie, nur Lumen</translation>
    </message>
    <message>
        <source>Conicity</source>
        <translation>Konizität</translation>
    </message>
    <message>
        <source>100 · (D15 − D0) / D0; conical above 10 %</source>
        <translation>100 · (D15 − D0) / D0; konisch über 10 %</translation>
    </message>
    <message>
        <source>Greatest arc of calcium about a section of the neck</source>
        <translation>Größter Kalkbogen um einen Querschnitt des Halses</translation>
    </message>
    <message>
        <source>Calcium was not looked for in this kind of image</source>
        <translation>In dieser Art von Bild wurde kein Kalk gesucht</translation>
    </message>
    <message>
        <source>Between the axes of the aorta 25 mm above and of the neck</source>
        <translation>Zwischen den Achsen der Aorta 25 mm darüber und des Halses</translation>
    </message>
    <message>
        <source>Between the axes of the neck and of the sac’s first 45 mm</source>
        <translation>Zwischen den Achsen des Halses und der ersten 45 mm des Sacks</translation>
    </message>
    <message>
        <source>Greatest width of a section below the neck, lumen only: thrombus is not in it</source>
        <translation>Größte Weite eines Querschnitts unter dem Hals, nur Lumen: Thrombus ist nicht darin</translation>
    </message>
    <message>
        <source>Wider than 1.5 × neck</source>
        <translation>Weiter als 1,5 × Hals</translation>
    </message>
    <message>
        <source>Length of the stretch whose mean diameter is at least 1.5 times that at the renal artery</source>
        <translation>Länge der Strecke, deren mittlerer Durchmesser mindestens das 1,5-Fache dessen an der Nierenarterie ist</translation>
    </message>
    <message>
        <source>Graft 10–20 % over</source>
        <translation>Prothese 10–20 % größer</translation>
    </message>
    <message>
        <source>Greatest neck diameter with 10 and 20 % oversizing</source>
        <translation>Größter Halsdurchmesser mit 10 und 20 % Oversizing</translation>
    </message>
    <message>
        <source>to {width:.1f}</source>
        <translation>bis {width:.1f}</translation>
    </message>
    <message>
        <source>extended only</source>
        <translation>nur erweitert</translation>
    </message>
    <message>
        <source>Usual {low:g}–{high:g} mm, extended {lower:g}–{higher:g} mm</source>
        <translation>Üblich {low:g}–{high:g} mm, erweitert {lower:g}–{higher:g} mm</translation>
    </message>
    <message>
        <source>at least</source>
        <translation>mindestens</translation>
    </message>
    <message>
        <source>at most</source>
        <translation>höchstens</translation>
    </message>
    <message>
        <source>Usual {word} {usual:g} {unit}, extended {word} {extended:g} {unit}</source>
        <translation>Üblich {word} {usual:g} {unit}, erweitert {word} {extended:g} {unit}</translation>
    </message>
    <message>
        <source>Mean diameter of the last 15 mm before the internal iliac artery; least {least:.1f}, greatest {most:.1f} mm. Verify against the IFU</source>
        <translation>Mittlerer Durchmesser der letzten 15 mm vor der inneren Beckenarterie; kleinster {least:.1f}, größter {most:.1f} mm. Mit der Gebrauchsanweisung vergleichen</translation>
    </message>
    <message>
        <source>Least diameter, steadied along the vessel, and length</source>
        <translation>Kleinster Durchmesser, entlang des Gefäßes beruhigt, und Länge</translation>
    </message>
    <message>
        <source>Half-level estimate; choose the branch to measure its sections</source>
        <translation>Schätzung am halben Pegel; den Ast wählen, um seine Querschnitte zu messen</translation>
    </message>
    <message>
        <source>Choose the branch to measure its sections</source>
        <translation>Den Ast wählen, um seine Querschnitte zu messen</translation>
    </message>
    <message>
        <source>From the middle of the vessel that it leaves, along the smoothed line</source>
        <translation>Ab der Mitte des Gefäßes, das er verlässt, entlang der geglätteten Linie</translation>
    </message>
    <message>
        <source>Name of the branch</source>
        <translation>Name des Astes</translation>
    </message>
    <message>
        <source>{count} branch</source>
        <translation>{count} Ast</translation>
    </message>
    <message>
        <source>{count} branches</source>
        <translation>{count} Äste</translation>
    </message>
    <message>
        <source>Measuring {name}</source>
        <translation>{name} wird gemessen</translation>
    </message>
    <message>
        <source>Finding branches</source>
        <translation>Äste werden gesucht</translation>
    </message>
    <message>
        <source>Following the branch</source>
        <translation>Dem Ast wird gefolgt</translation>
    </message>
    <message>
        <source>{name} removed</source>
        <translation>{name} entfernt</translation>
    </message>
    <message>
        <source>Click inside the branch where it shall end.</source>
        <translation>In den Ast klicken, wo er enden soll.</translation>
    </message>
    <message>
        <source>This vessel</source>
        <translation>Dieses Gefäß</translation>
    </message>
    <message>
        <source>{name}, about</source>
        <translation>{name}, etwa</translation>
    </message>
    <message>
        <source>Half level</source>
        <translation>Halber Pegel</translation>
    </message>
    <message>
        <source>{name}, least</source>
        <translation>{name}, kleinster</translation>
    </message>
    <message>
        <source>This can be stopped below.</source>
        <translation>Unten kann es angehalten werden.</translation>
    </message>
    <message>
        <source>The branches of this vessel are found from its lumen. Each can be renamed, removed or added by a click.</source>
        <translation>Die Äste dieses Gefäßes werden aus seinem Lumen gefunden. Jeder kann umbenannt, entfernt oder mit einem Klick hinzugefügt werden.</translation>
    </message>
    <message>
        <source>Not measured yet</source>
        <translation>Noch nicht gemessen</translation>
    </message>
    <message>
        <source>this vessel</source>
        <translation>dieses Gefäß</translation>
    </message>
    <message>
        <source>at {place:.0f}&#x202f;mm</source>
        <translation>bei {place:.0f}&#x202f;mm</translation>
    </message>
    <message>
        <source>Least diameter</source>
        <comment>in a row</comment>
        <translation>Kleinster Ø</translation>
    </message>
    <message>
        <source>Greatest diameter</source>
        <comment>in a row</comment>
        <translation>Größter Ø</translation>
    </message>
    <message>
        <source>{key} adds</source>
        <translation>{key} fügt hinzu</translation>
    </message>
    <message>
        <source>Least diameter</source>
        <translation>Kleinster Durchmesser</translation>
    </message>
    <message>
        <source>Leaves {parent}</source>
        <translation>Geht ab von {parent}</translation>
    </message>
    <message>
        <source>{name} has no sections</source>
        <translation>{name} hat keine Querschnitte</translation>
    </message>
    <message>
        <source>Add branch</source>
        <translation>Ast hinzufügen</translation>
    </message>
    <message>
        <source>Find branches</source>
        <translation>Äste finden</translation>
    </message>
    <message>
        <source>Measuring branches</source>
        <translation>Äste werden gemessen</translation>
    </message>
    <message>
        <source>Measure all</source>
        <translation>Alle messen</translation>
    </message>
    <message>
        <source>← → station · E adds</source>
        <translation type="vanished">← → Messstelle · E fügt hinzu</translation>
    </message>
    <message>
        <source>{plain}&#x202f;mm long</source>
        <translation>{plain}&#x202f;mm lang</translation>
    </message>
    <message>
        <source>2 points</source>
        <translation>2 Punkte</translation>
    </message>
    <message>
        <source>Points placed</source>
        <translation>Punkte gesetzt</translation>
    </message>
    <message>
        <source>{count} of {whole}</source>
        <translation>{count} von {whole}</translation>
    </message>
    <message>
        <source>Drag a point to move it, or select it and use the arrow keys.</source>
        <translation>Einen Punkt ziehen, um ihn zu verschieben, oder wählen und die Pfeiltasten nehmen.</translation>
    </message>
    <message>
        <source>Place the {point}</source>
        <translation>Setzen: {point}</translation>
    </message>
    <message>
        <source>Place the {lower}</source>
        <translation type="vanished">Setzen: {lower}</translation>
    </message>
    <message>
        <source>Accept ends</source>
        <translation>Enden übernehmen</translation>
    </message>
    <message>
        <source>Find ends</source>
        <translation>Enden finden</translation>
    </message>
    <message>
        <source>Choose the earlier study</source>
        <translation>Frühere wählen</translation>
    </message>
    <message>
        <source>Cases and plans (*.theatrum *.json)</source>
        <translation>Fälle und Pläne (*.theatrum *.json)</translation>
    </message>
    <message>
        <source>Choose a study</source>
        <translation>Studie wählen</translation>
    </message>
    <message>
        <source>no change that the measurement can tell</source>
        <translation>keine Veränderung, die die Messung erkennt</translation>
    </message>
    <message>
        <source>Both vessels lie at one place and are compared there</source>
        <translation>Beide Gefäße liegen an einer Stelle und werden dort verglichen</translation>
    </message>
    <message>
        <source>Laid together where their widths agree best</source>
        <translation>Zusammengelegt, wo ihre Weiten am besten übereinstimmen</translation>
    </message>
    <message>
        <source>Laid together at their first points</source>
        <translation>An ihren ersten Punkten zusammengelegt</translation>
    </message>
    <message>
        <source>Twice the standard uncertainty of a difference of two diameters ({edge:g} mm of edge each), of the scatter between neighbouring places, and of a place {place:g} mm off</source>
        <translation>Die doppelte Standardunsicherheit eines Unterschieds zweier Durchmesser (je {edge:g} mm am Rand), der Streuung zwischen benachbarten Stellen und einer um {place:g} mm verschobenen Stelle</translation>
    </message>
    <message>
        <source>Years between</source>
        <translation>Jahre dazwischen</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Seit</translation>
    </message>
    <message>
        <source>no change</source>
        <translation>keine Veränderung</translation>
    </message>
    <message>
        <source>This is the case that is open</source>
        <translation>Das ist der offene Fall</translation>
    </message>
    <message>
        <source>Choose its plans in the list.</source>
        <translation>Seine Pläne in der Liste wählen.</translation>
    </message>
    <message>
        <source>Compare with another vessel plan of this case, or with an earlier study’s case file.</source>
        <translation>Mit einem anderen Gefäßplan dieses Falls oder mit der Falldatei einer früheren Untersuchung vergleichen.</translation>
    </message>
    <message>
        <source>Greatest growth</source>
        <translation>Größtes Wachstum</translation>
    </message>
    <message>
        <source>Within the uncertainty</source>
        <translation>Innerhalb der Unsicherheit</translation>
    </message>
    <message>
        <source>The other study has no section here</source>
        <translation>Die andere Untersuchung hat hier keinen Querschnitt</translation>
    </message>
    <message>
        <source>Section at</source>
        <translation>Querschnitt bei</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>No change that the measurement can tell</source>
        <translation>Keine Veränderung, die die Messung erkennt</translation>
    </message>
    <message>
        <source>It lies within the uncertainty.</source>
        <translation>Sie liegt innerhalb der Unsicherheit.</translation>
    </message>
    <message>
        <source>Choose a case</source>
        <translation>Einen Fall wählen</translation>
    </message>
    <message>
        <source>Enter chooses</source>
        <translation>Enter wählt</translation>
    </message>
    <message>
        <source>Another case</source>
        <translation>Anderer Fall</translation>
    </message>
    <message>
        <source>Least growth</source>
        <translation>Kleinstes Wachstum</translation>
    </message>
    <message>
        <source>{before:.1f} → {after:.1f} mm at {place:.0f} mm</source>
        <translation>{before:.1f} → {after:.1f} mm bei {place:.0f} mm</translation>
    </message>
    <message>
        <source>within the ±</source>
        <translation>innerhalb von ±</translation>
    </message>
    <message>
        <source>Growth a year</source>
        <translation>Wachstum im Jahr</translation>
    </message>
    <message>
        <source>Give the years between the studies</source>
        <translation>Die Jahre zwischen den Untersuchungen angeben</translation>
    </message>
    <message>
        <source>Greatest growth over the years between</source>
        <translation>Größtes Wachstum, geteilt durch die Jahre dazwischen</translation>
    </message>
    <message>
        <source>Mean growth</source>
        <translation>Mittleres Wachstum</translation>
    </message>
    <message>
        <source>Of the area diameter over all places that both studies have</source>
        <translation>Des Flächendurchmessers über alle Stellen, die beide Untersuchungen haben</translation>
    </message>
    <message>
        <source>Length, then now</source>
        <translation>Länge, damals, jetzt</translation>
    </message>
    <message>
        <source>Least distance between parallel jaws about the lumen, steadied along the vessel</source>
        <translation>Kleinster Abstand paralleler Backen um das Lumen, entlang des Gefäßes beruhigt</translation>
    </message>
    <message>
        <source>Greatest distance between parallel jaws about the lumen, steadied along the vessel</source>
        <translation>Größter Abstand paralleler Backen um das Lumen, entlang des Gefäßes beruhigt</translation>
    </message>
    <message>
        <source>Along the smoothed line of the sections’ middles</source>
        <translation>Entlang der geglätteten Linie der Querschnittsmitten</translation>
    </message>
    <message>
        <source>From the first point straight to the second</source>
        <translation>Vom ersten Punkt gerade zum zweiten</translation>
    </message>
    <message>
        <source>Length over straight distance</source>
        <translation>Länge durch Luftlinie</translation>
    </message>
    <message>
        <source>Straight distance</source>
        <translation>Luftlinie</translation>
    </message>
    <message>
        <source>The least diameter as the image alone tells it</source>
        <translation>Der kleinste Durchmesser, wie ihn das Bild allein zeigt</translation>
    </message>
    <message>
        <source>Move ends</source>
        <translation>Enden verschieben</translation>
    </message>
    <message>
        <source>← → station · E edits</source>
        <translation type="vanished">← → Messstelle · E bearbeitet</translation>
    </message>
    <message>
        <source>plan {name}</source>
        <translation>Plan {name}</translation>
    </message>
    <message>
        <source>Measuring the vessel</source>
        <translation>Gefäß wird gemessen</translation>
    </message>
    <message>
        <source>Finding the ends of the vessel</source>
        <translation>Enden des Gefäßes werden gesucht</translation>
    </message>
    <message>
        <source>Drawing the C-arm</source>
        <translation>C-Bogen wird gezeichnet</translation>
    </message>
    <message>
        <source>C-arm, detector at {text_carm}</source>
        <translation>C-Bogen, Detektor bei {text_carm}</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>Detektor</translation>
    </message>
    <message>
        <source>Both move together. Click to move each by itself (Ctrl+L)</source>
        <translation type="vanished">Beide bewegen sich gemeinsam. Klicken, um jede für sich zu bewegen (Strg+L)</translation>
    </message>
    <message>
        <source>Each moves by itself. Click to link them by place (Ctrl+L)</source>
        <translation type="vanished">Jede bewegt sich für sich. Klicken, um sie nach dem Ort zu koppeln (Strg+L)</translation>
    </message>
    <message>
        <source>Both move together. Click to move each by itself</source>
        <translation>Beide bewegen sich gemeinsam. Klicken, um jede für sich zu bewegen</translation>
    </message>
    <message>
        <source>Each moves by itself. Click to link them by place</source>
        <translation>Jede bewegt sich für sich. Klicken, um sie nach dem Ort zu koppeln</translation>
    </message>
    <message>
        <source>Swap left and right</source>
        <translation>Links und rechts tauschen</translation>
    </message>
    <message>
        <source>Ax</source>
        <translation>Ax</translation>
    </message>
    <message>
        <source>Compare axial views</source>
        <translation>Axiale Ansichten vergleichen</translation>
    </message>
    <message>
        <source>Co</source>
        <translation>Ko</translation>
    </message>
    <message>
        <source>Compare coronal views</source>
        <translation>Koronale Ansichten vergleichen</translation>
    </message>
    <message>
        <source>Sa</source>
        <translation>Sa</translation>
    </message>
    <message>
        <source>Compare sagittal views</source>
        <translation>Sagittale Ansichten vergleichen</translation>
    </message>
    <message>
        <source>Compare 3D views</source>
        <translation>3D-Ansichten vergleichen</translation>
    </message>
    <message>
        <source>One view stays</source>
        <translation>Eine Ansicht bleibt</translation>
    </message>
    <message>
        <source>Compared images</source>
        <translation>Verglichene Bilder</translation>
    </message>
    <message>
        <source>Plan {name}: {cells}</source>
        <translation>Plan {name}: {cells}</translation>
    </message>
    <message>
        <source>No plans</source>
        <translation>Keine Pläne</translation>
    </message>
    <message>
        <source>Areas are true</source>
        <translation>Die Flächen sind wahr</translation>
    </message>
    <message>
        <source>Areas true within {percent}</source>
        <translation>Flächen wahr auf {percent}</translation>
    </message>
    <message>
        <source>True areas</source>
        <translation>Wahre Flächen</translation>
    </message>
    <message>
        <source>Area ± {percent}</source>
        <translation>Fläche ± {percent}</translation>
    </message>
    <message>
        <source>Steep walls: shows {percent} of the area</source>
        <translation>Steile Wände: zeigt {percent} der Fläche</translation>
    </message>
    <message>
        <source>Shows {percent} of the area</source>
        <translation>Zeigt {percent} der Fläche</translation>
    </message>
    <message>
        <source>Shows {percent}</source>
        <translation type="vanished">Zeigt {percent}</translation>
    </message>
    <message>
        <source>{words}, {value:.0f}&#x202f;% folded under</source>
        <translation>{words}, {value:.0f}&#x202f;% verdeckt</translation>
    </message>
    <message>
        <source>least margin {least}</source>
        <translation>kleinster Resektionsrand {least}</translation>
    </message>
    <message>
        <source>Use all the same?</source>
        <translation>Trotzdem nutzen?</translation>
    </message>
    <message>
        <source>Structures of the model</source>
        <translation>Strukturen des Modells</translation>
    </message>
    <message>
        <source>No model is chosen.</source>
        <translation>Kein Modell ist gewählt.</translation>
    </message>
    <message>
        <source>, {at} {at2} at {at3:g} millimetres chosen</source>
        <translation type="vanished">, {at} {at2} bei {at3:g} Millimetern gewählt</translation>
    </message>
    <message>
        <source>Size and depth{said}</source>
        <translation type="vanished">Größe und Tiefe{said}</translation>
    </message>
    <message>
        <source>{name}, {depth_mm:g} mm below the annulus</source>
        <translation>{name}, {depth_mm:g} mm unter dem Anulus</translation>
    </message>
    <message>
        <source>Depth outside what is advised</source>
        <translation>Tiefe außerhalb der Empfehlung</translation>
    </message>
    <message>
        <source>Size and depth</source>
        <translation>Größe und Tiefe</translation>
    </message>
    <message>
        <source>Size and depth, {valve} {size} at {depth:g} millimetres chosen</source>
        <translation>Größe und Tiefe, {valve} {size} bei {depth:g} Millimeter gewählt</translation>
    </message>
    <message>
        <source>by area</source>
        <translation>Fläche</translation>
    </message>
    <message>
        <source>by perimeter</source>
        <translation>Umfang</translation>
    </message>
    <message>
        <source>–, not measured</source>
        <translation>–, nicht gemessen</translation>
    </message>
    <message>
        <source>mm below the annulus</source>
        <translation>mm unter Anulus</translation>
    </message>
    <message>
        <source>Each cell: what comes closest to its limit, mm</source>
        <translation>Je Zelle: der Grenze am nächsten, mm</translation>
    </message>
    <message>
        <source>Each cell: what comes closest to its limit</source>
        <translation type="vanished">Je Zelle: der Grenze am nächsten</translation>
    </message>
    <message>
        <source>No sizes yet</source>
        <translation>Noch keine Größen</translation>
    </message>
    <message>
        <source>Margin against remnant</source>
        <translation>Resektionsrand gegen Rest</translation>
    </message>
    <message>
        <source>Margin against {remnant}</source>
        <translation>Resektionsrand gegen {remnant}</translation>
    </message>
    <message>
        <source>plan {name} {margin_mm} millimetres and {remnant_percent} percent</source>
        <translation>Plan {name} {margin_mm} Millimeter und {remnant_percent} Prozent</translation>
    </message>
    <message>
        <source>, beaten</source>
        <translation>, unterlegen</translation>
    </message>
    <message>
        <source>{title}: nothing to show</source>
        <translation>{title}: nichts zu zeigen</translation>
    </message>
    <message>
        <source>No plan has both numbers yet</source>
        <translation>Kein Plan hat schon beide Zahlen</translation>
    </message>
    <message>
        <source>no margin: {join}</source>
        <translation>kein Resektionsrand: {join}</translation>
    </message>
    <message>
        <source>least margin, mm</source>
        <translation>kleinster Resektionsrand, mm</translation>
    </message>
    <message>
        <source>up: {remnant}, %</source>
        <translation>nach oben: {remnant}, %</translation>
    </message>
    <message>
        <source>{asked:g} asked</source>
        <translation>{asked:g} gefordert</translation>
    </message>
    <message>
        <source>{name}, beaten</source>
        <translation>{name}, unterlegen</translation>
    </message>
    <message>
        <source>Phases (Alt+Left, Alt+Right)</source>
        <translation type="vanished">Phasen (Alt+←, Alt+→)</translation>
    </message>
    <message>
        <source>{name}, {number} of {count}</source>
        <translation>{name}, {number} von {count}</translation>
    </message>
    <message>
        <source>Frame rate</source>
        <translation>Bildrate</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>{words} the heartbeat, A</source>
        <translation>Herzschlag: {words}, A</translation>
    </message>
    <message>
        <source>Annulus area, mm²</source>
        <translation>Anulusfläche, mm²</translation>
    </message>
    <message>
        <source>through the heartbeat</source>
        <translation>durch den Herzschlag</translation>
    </message>
    <message>
        <source>S-curve</source>
        <translation>S-Kurve</translation>
    </message>
    <message>
        <source>views with the annulus edge on</source>
        <translation>Anulus auf der Kante</translation>
    </message>
    <message>
        <source>{image}, brightest in {value:.0f} mm</source>
        <translation>{image}, hellstes in {value:.0f} mm</translation>
    </message>
    <message>
        <source>{title}, {detail}. Agatston score {score:.0f}</source>
        <translation>{title}, {detail}. Agatston-Score {score:.0f}</translation>
    </message>
    <message>
        <source>{volume_mm3} over 130 HU · click moves the ring</source>
        <translation>{volume_mm3} über 130 HU · Klick verschiebt den Ring</translation>
    </message>
    <message>
        <source>Sectors</source>
        <translation>Sektoren</translation>
    </message>
    <message>
        <source>calcium by cusp</source>
        <translation>Kalk nach Tasche</translation>
    </message>
    <message>
        <source>Calcium by cusp in cubic millimetres: {words}</source>
        <translation>Kalk nach Tasche in Kubikmillimetern: {words}</translation>
    </message>
    <message>
        <source>over {threshold_hu}; full = {top}</source>
        <translation>über {threshold_hu}; voll = {top}</translation>
    </message>
    <message>
        <source>Reading the phases</source>
        <translation>Phasen werden gelesen</translation>
    </message>
    <message>
        <source>edge unclear over {percent} %</source>
        <translation>Rand auf {percent} % unklar</translation>
    </message>
    <message>
        <source>Sections drawn by hand</source>
        <translation>Von Hand gezeichnete Querschnitte</translation>
    </message>
    <message>
        <source>at {places}</source>
        <translation>bei {places}</translation>
    </message>
    <message numerus="yes">
        <source>ends placed by hand, led through %n place(s)</source>
        <translation>
            <numerusform>Enden von Hand gesetzt, über %n Stelle geführt</numerusform>
            <numerusform>Enden von Hand gesetzt, über %n Stellen geführt</numerusform>
        </translation>
    </message>
    <message>
        <source>ends placed by hand</source>
        <translation>Enden von Hand gesetzt</translation>
    </message>
    <message>
        <source>least {change}</source>
        <translation>kleinster {change}</translation>
    </message>
    <message>
        <source>sections drawn at {places}</source>
        <translation>Querschnitte gezeichnet bei {places}</translation>
    </message>
    <message>
        <source>excluded: {why}</source>
        <translation>ausgeschlossen: {why}</translation>
    </message>
    <message>
        <source>excluded</source>
        <translation>ausgeschlossen</translation>
    </message>
    <message>
        <source>{first} to {second}</source>
        <translation>{first} zu {second}</translation>
    </message>
    <message>
        <source>greatest diameter of the tumour&apos;s smooth surface</source>
        <translation>größter Durchmesser der geglätteten Tumoroberfläche</translation>
    </message>
    <message>
        <source>share of its volume outside the outline that the kidney had: the convex hull of its parenchyma, over the tumour continued with the curvature of the wall around it</source>
        <translation>Anteil seines Volumens außerhalb des früheren Nierenumrisses: der konvexen Hülle des Parenchyms, über dem Tumor mit der Krümmung der umgebenden Wand fortgesetzt</translation>
    </message>
    <message>
        <source>least distance from the tumour&apos;s surface to the sinus or collecting system</source>
        <translation>kleinster Abstand der Tumoroberfläche zum Sinus oder Nierenbeckenkelchsystem</translation>
    </message>
    <message>
        <source>side of the plane through the kidney&apos;s long axis and its hilum; x within 15 % of its half depth</source>
        <translation>Seite der Ebene durch die Längsachse der Niere und ihren Hilus; x innerhalb von 15 % der halben Tiefe</translation>
    </message>
    <message>
        <source>share between the polar lines, the axial levels where the sinus begins and ends in the kidney</source>
        <translation>Anteil zwischen den Pollinien, den axialen Höhen, in denen der Sinus in der Niere beginnt und endet</translation>
    </message>
    <message>
        <source>Kidney plan “{name}”</source>
        <translation>Nierenplan „{name}“</translation>
    </message>
    <message>
        <source>Look at</source>
        <translation>Beachten</translation>
    </message>
    <message>
        <source>Tumour board</source>
        <translation>Tumorboard</translation>
    </message>
    <message>
        <source>Agreed plan</source>
        <translation>Vereinbarter Plan</translation>
    </message>
    <message>
        <source>Clamping</source>
        <translation>Klemmung</translation>
    </message>
    <message>
        <source>Read by, date</source>
        <translation>Befundet von, Datum</translation>
    </message>
    <message>
        <source>What the ± is made of</source>
        <translation>Woraus das ± besteht</translation>
    </message>
    <message>
        <source>Voxel size and slice thickness, calibrated on tilted phantoms whose letters are known; for the outside share also how the outline is continued over the tumour. The labels&apos; own error is not in it. Where the ± reaches a limit of a letter, both points are told.</source>
        <translation>Voxelgröße und Schichtdicke, kalibriert an geneigten Phantomen mit bekannten Buchstaben; beim Anteil außerhalb auch die Fortsetzung des Umrisses über den Tumor. Der Fehler der Segmentierung selbst ist nicht enthalten. Wo das ± eine Grenze eines Buchstabens erreicht, werden beide Punktwerte genannt.</translation>
    </message>
    <message>
        <source>s spacing</source>
        <translation>s Auflösung</translation>
    </message>
    <message>
        <source>R.E.N.A.L. describes the tumour&apos;s anatomy; it does not tell the outcome.</source>
        <translation>R.E.N.A.L. beschreibt die Anatomie des Tumors; über das Ergebnis sagt es nichts.</translation>
    </message>
    <message>
        <source>Without a named sinus the kidney&apos;s hollow stands for it, which is said above; N and L then need a look.</source>
        <translation>Ohne benannten Sinus steht die Höhlung der Niere dafür, was oben vermerkt ist; N und L sind dann zu prüfen.</translation>
    </message>
    <message>
        <source>Clamp territories follow the nearest labelled branch: collaterals and unlabelled arteries are not in them.</source>
        <translation>Die Klemmterritorien folgen dem nächsten segmentierten Ast: Kollateralen und nicht segmentierte Arterien sind nicht enthalten.</translation>
    </message>
    <message>
        <source>A voxel is removed or kept as a whole by its centre, so removed and kept add up to the kidney.</source>
        <translation>Ein Voxel wird nach seiner Mitte ganz entfernt oder ganz belassen, daher ergeben entfernt und belassen zusammen die Niere.</translation>
    </message>
    <message>
        <source>no tumour is named</source>
        <translation>kein Tumor benannt</translation>
    </message>
    <message>
        <source>{low} to {high} possible</source>
        <translation>{low} bis {high} möglich</translation>
    </message>
    <message>
        <source>no letter near a limit</source>
        <translation>kein Buchstabe nahe einer Grenze</translation>
    </message>
    <message>
        <source>R.E.N.A.L. of T{id}</source>
        <translation>R.E.N.A.L. von T{id}</translation>
    </message>
    <message>
        <source>Least margin</source>
        <translation>Kleinster Resektionsrand</translation>
    </message>
    <message>
        <source>Least margin, T{id} to cut</source>
        <translation>Kleinster Rand, T{id}</translation>
    </message>
    <message>
        <source>{limit:g} asked</source>
        <translation>{limit:g} gefordert</translation>
    </message>
    <message>
        <source>Contact surface</source>
        <translation>Kontaktfläche</translation>
    </message>
    <message>
        <source>20 cm² or more is complex</source>
        <translation>ab 20 cm² komplex</translation>
    </message>
    <message>
        <source>{volume} kept</source>
        <translation>{volume} verbleiben</translation>
    </message>
    <message>
        <source>no clamp</source>
        <translation>keine Klemme</translation>
    </message>
    <message>
        <source>while clamped</source>
        <translation>während der Klemmung</translation>
    </message>
    <message>
        <source>Tumour left behind</source>
        <translation>Tumor bleibt zurück</translation>
    </message>
    <message>
        <source>{left} of tumour stay in the kept part.</source>
        <translation>{left} Tumor bleiben im verbleibenden Teil.</translation>
    </message>
    <message>
        <source>No resection</source>
        <translation>Keine Resektion</translation>
    </message>
    <message>
        <source>{plan} · one of {count} plans</source>
        <translation>{plan} · einer von {count} Plänen</translation>
    </message>
    <message>
        <source>not named</source>
        <translation>nicht benannt</translation>
    </message>
    <message>
        <source>{named}; sinus: {sinus}</source>
        <translation>{named}; Sinus: {sinus}</translation>
    </message>
    <message>
        <source>T{number}: the slice that proves each letter</source>
        <translation>T{number}: die Schicht, die jeden Buchstaben belegt</translation>
    </message>
    <message>
        <source>Parenchyma</source>
        <translation>Parenchym</translation>
    </message>
    <message>
        <source>Kept, main artery clamped</source>
        <translation>Verbleibend, Hauptarterie geklemmt</translation>
    </message>
    <message>
        <source>{name} contact surface</source>
        <translation>{name} Kontaktfläche</translation>
    </message>
    <message>
        <source>{name} 2πrd, cross-check</source>
        <translation>{name} 2πrd, Gegenprobe</translation>
    </message>
    <message>
        <source>T{id} to cut</source>
        <translation>T{id} zum Schnitt</translation>
    </message>
    <message>
        <source>This plan has no resection: nothing is removed.</source>
        <translation>Dieser Plan enthält keine Resektion: Es wird nichts entfernt.</translation>
    </message>
    <message>
        <source>Volumes</source>
        <translation>Volumina</translation>
    </message>
    <message>
        <source>Parenchyma is the kidney less its tumours; kept and clamped are of it.</source>
        <translation>Parenchym ist die Niere ohne ihre Tumoren; verbleibend und geklemmt beziehen sich darauf.</translation>
    </message>
    <message>
        <source>Contact and margins</source>
        <translation>Kontakt und Resektionsränder</translation>
    </message>
    <message>
        <source>Sum</source>
        <translation>Summe</translation>
    </message>
    <message>
        <source>Complexity</source>
        <translation>Komplexität</translation>
    </message>
    <message>
        <source>Points in brackets; two where the ± reaches a limit.</source>
        <translation>Punkte in Klammern; zwei, wo das ± eine Grenze erreicht.</translation>
    </message>
    <message>
        <source>No tumour was named in this plan.</source>
        <translation>In diesem Plan wurde kein Tumor benannt.</translation>
    </message>
    <message>
        <source> or </source>
        <translation> oder </translation>
    </message>
    <message>
        <source>clamped</source>
        <translation>geklemmt</translation>
    </message>
    <message>
        <source>Branches of the artery</source>
        <translation>Äste der Arterie</translation>
    </message>
    <message>
        <source>Branch</source>
        <translation>Ast</translation>
    </message>
    <message>
        <source>Feeds</source>
        <translation>Versorgt</translation>
    </message>
    <message>
        <source>Of tumours with margin</source>
        <translation>Von Tumoren mit Rand</translation>
    </message>
    <message>
        <source>Clamp at, patient mm</source>
        <translation>Klemme bei, Patienten-mm</translation>
    </message>
    <message>
        <source>Nearest branch; the margin about a tumour is {margin:g} mm.</source>
        <translation>Nächster Ast; der Rand um einen Tumor beträgt {margin:g} mm.</translation>
    </message>
    <message>
        <source>No artery was named in this plan.</source>
        <translation>In diesem Plan wurde keine Arterie benannt.</translation>
    </message>
    <message>
        <source>Arteries the cut meets</source>
        <translation>Arterien, die der Schnitt trifft</translation>
    </message>
    <message>
        <source>Place, patient mm</source>
        <translation>Ort, Patienten-mm</translation>
    </message>
    <message>
        <source>None, or no artery was named.</source>
        <translation>Keine, oder es wurde keine Arterie benannt.</translation>
    </message>
    <message>
        <source>Centre, patient mm</source>
        <translation>Mitte, Patienten-mm</translation>
    </message>
    <message>
        <source>as proposed</source>
        <translation>wie vorgeschlagen</translation>
    </message>
    <message>
        <source>Cut {number}</source>
        <translation>Schnitt {number}</translation>
    </message>
    <message>
        <source>{cut}: removes {volume} alone</source>
        <translation>{cut}: entfernt allein {volume}</translation>
    </message>
    <message>
        <source>Plans compared</source>
        <translation>Pläne im Vergleich</translation>
    </message>
    <message>
        <source>There is one kidney plan in this case.</source>
        <translation>Dieser Fall enthält einen Nierenplan.</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>union of {structures}</source>
        <translation>Vereinigung von {structures}</translation>
    </message>
    <message>
        <source>the tumour touches the main artery or vein, before they divide. Score: {source}</source>
        <translation>der Tumor berührt die Hauptarterie oder -vene vor ihrer Teilung. Score: {source}</translation>
    </message>
    <message>
        <source>tumour surface whose neighbour, 1 mm outwards, is parenchyma; 20 cm² is complex</source>
        <translation>Tumoroberfläche, deren Nachbar 1 mm weiter außen Parenchym ist; ab 20 cm² komplex</translation>
    </message>
    <message>
        <source>r radius of the ball of the same volume, d depth below the outline; a cross-check only</source>
        <translation>r Radius der volumengleichen Kugel, d Tiefe unter dem Umriss; nur eine Gegenprobe</translation>
    </message>
    <message>
        <source>Clamped</source>
        <translation>Geklemmt</translation>
    </message>
    <message>
        <source>voxels whose nearest branch of the artery is clamped; proposed is each branch that feeds at least 2 % of a tumour that is cut, with its margin. A branch feeds tumour too; what is kept counts parenchyma alone</source>
        <translation>Voxel, deren nächster Arterienast geklemmt ist; vorgeschlagen wird jeder Ast, der mindestens 2 % eines zu entfernenden Tumors mit seinem Rand versorgt. Ein Ast versorgt auch Tumor; beim Verbleibenden zählt nur Parenchym</translation>
    </message>
    <message>
        <source>the scan’s header</source>
        <translation>Kopfdaten des Scans</translation>
    </message>
    <message>
        <source>counted voxel by voxel</source>
        <translation>Voxel für Voxel gezählt</translation>
    </message>
    <message>
        <source>measured in this scan</source>
        <translation>in diesem Scan gemessen</translation>
    </message>
    <message>
        <source>this program’s rule</source>
        <translation>Regel dieses Programms</translation>
    </message>
    <message>
        <source>set by a person</source>
        <translation>von einer Person festgelegt</translation>
    </message>
    <message>
        <source>Couinaud’s segments, terms of Brisbane 2000</source>
        <translation>Segmente nach Couinaud, Begriffe von Brisbane 2000</translation>
    </message>
    <message>
        <source>Source: {source}</source>
        <translation>Quelle: {source}</translation>
    </message>
    <message>
        <source>Way along the vessel’s middle from its first point to this section</source>
        <translation>Weg entlang der Gefäßmitte vom ersten Punkt bis zu diesem Querschnitt</translation>
    </message>
    <message>
        <source>Least calliper width of the section’s contour</source>
        <translation>Kleinste Breite der Kontur des Querschnitts (Messschieber)</translation>
    </message>
    <message>
        <source>Greatest calliper width of the section’s contour</source>
        <translation>Größte Breite der Kontur des Querschnitts (Messschieber)</translation>
    </message>
    <message>
        <source>Area within the contour, which lies on the edge of the blood</source>
        <translation>Fläche in der Kontur, die auf dem Rand des Blutes liegt</translation>
    </message>
    <message>
        <source>Angle about the section in which calcium lies within 1.5 mm of its edge</source>
        <translation>Winkel um den Querschnitt, in dem Kalk höchstens 1,5 mm vom Rand liegt</translation>
    </message>
    <message>
        <source>A place that the vessel’s way is led through</source>
        <translation>Eine Stelle, durch die der Weg des Gefäßes geführt wird</translation>
    </message>
    <message>
        <source>Distance between neighbouring voxels on each axis</source>
        <translation>Abstand benachbarter Voxel auf jeder Achse</translation>
    </message>
    <message>
        <source>Slices of the volume as it was built</source>
        <translation>Schichten des Volumens, wie es gebaut wurde</translation>
    </message>
    <message>
        <source>Length of the volume from feet to head</source>
        <translation>Länge des Volumens von den Füßen zum Kopf</translation>
    </message>
    <message>
        <source>Slice thickness as the scanner told it; slices may overlap</source>
        <translation>Schichtdicke laut Gerät; Schichten können überlappen</translation>
    </message>
    <message>
        <source>Filter that the scanner drew the image with</source>
        <translation>Filter, mit dem das Gerät das Bild berechnet hat</translation>
    </message>
    <message>
        <source>Level of the blood inside the annulus</source>
        <translation>HU-Wert des Blutes im Anulus</translation>
    </message>
    <message>
        <source>Spread (1 SD) of the HU of the blood inside the annulus</source>
        <translation>Streuung (1 SD) der HU des Blutes im Anulus</translation>
    </message>
    <message>
        <source>Annulus area in this heart phase, its hinges followed from the plan’s</source>
        <translation>Anulusfläche in dieser Herzphase; die Hinge-Punkte wurden von denen des Plans verfolgt</translation>
    </message>
    <message>
        <source>Lowest point of the cusp where it meets the wall; the three make the annulus plane</source>
        <translation>Tiefster Punkt der Tasche am Wandansatz; die drei bilden die Anulusebene</translation>
    </message>
    <message>
        <source>Lowest rim of the coronary ostium; its height is taken from there</source>
        <translation>Unterer Rand des Koronarostiums; von dort wird die Höhe gemessen</translation>
    </message>
    <message>
        <source>Length of the smooth curve where the hinge plane meets the edge of the blood</source>
        <translation>Länge der glatten Kurve, in der die Hinge-Ebene den Rand des Blutes schneidet</translation>
    </message>
    <message>
        <source>Greatest calliper width of the annulus, in steps of 0.5°</source>
        <translation>Größte Breite des Anulus (Messschieber), in Schritten von 0,5°</translation>
    </message>
    <message>
        <source>Least calliper width of the annulus, in steps of 0.5°</source>
        <translation>Kleinste Breite des Anulus (Messschieber), in Schritten von 0,5°</translation>
    </message>
    <message>
        <source>Diameter of the circle of the same area: 2 √(A / π)</source>
        <translation>Durchmesser des Kreises gleicher Fläche: 2 √(A / π)</translation>
    </message>
    <message>
        <source>Diameter of the circle of the same perimeter: P / π</source>
        <translation>Durchmesser des Kreises gleichen Umfangs: P / π</translation>
    </message>
    <message>
        <source>1 − shortest / longest: 0 is round</source>
        <translation>1 − kürzester / längster: 0 ist rund</translation>
    </message>
    <message>
        <source>Angle of the annulus to the horizontal seen from the front: atan2(|nx|, |nz|)</source>
        <translation>Winkel des Anulus zur Waagerechten von vorn: atan2(|nx|, |nz|)</translation>
    </message>
    <message>
        <source>Valve against annulus in percent: 100 · (valve / annulus − 1)</source>
        <translation>Klappe gegen Anulus in Prozent: 100 · (Klappe / Anulus − 1)</translation>
    </message>
    <message>
        <source>the maker’s table</source>
        <translation>Tabelle des Herstellers</translation>
    </message>
    <message>
        <source>Area of the outflow tract in the plane parallel to the annulus at this depth</source>
        <translation>Fläche des Ausflusstrakts in der Ebene parallel zum Anulus in dieser Tiefe</translation>
    </message>
    <message>
        <source>Greatest calliper width of the outflow tract in that plane</source>
        <translation>Größte Breite des Ausflusstrakts in dieser Ebene (Messschieber)</translation>
    </message>
    <message>
        <source>Least calliper width of the outflow tract in that plane</source>
        <translation>Kleinste Breite des Ausflusstrakts in dieser Ebene (Messschieber)</translation>
    </message>
    <message>
        <source>By area 5 mm below over area of the annulus: flared over 1.1, tapered under 0.9</source>
        <translation>Fläche 5 mm tiefer durch Fläche des Anulus: erweitert über 1,1, verjüngt unter 0,9</translation>
    </message>
    <message>
        <source>In the widest plane parallel to the annulus: deepest point of the sinus to the commissure opposite</source>
        <translation>In der weitesten Ebene parallel zum Anulus: tiefster Punkt des Sinus bis zur Kommissur gegenüber</translation>
    </message>
    <message>
        <source>Mean of the three sinus diameters</source>
        <translation>Mittel der drei Sinusdurchmesser</translation>
    </message>
    <message>
        <source>Mean diameter of the plane of least area between sinuses and tube, across the root’s middle</source>
        <translation>Mittlerer Durchmesser der Ebene kleinster Fläche zwischen Sinus und Aorta, quer zur Wurzelmitte</translation>
    </message>
    <message>
        <source>From the annulus plane to the middle of the junction, along the annulus normal</source>
        <translation>Von der Anulusebene zur Mitte des Übergangs, entlang der Anulusnormalen</translation>
    </message>
    <message>
        <source>Mean diameter across the aorta 40 mm along its middle from the annulus</source>
        <translation>Mittlerer Durchmesser quer zur Aorta, 40 mm entlang ihrer Mitte vom Anulus</translation>
    </message>
    <message>
        <source>Greatest mean diameter across the ascending aorta</source>
        <translation>Größter mittlerer Durchmesser quer zur Aorta ascendens</translation>
    </message>
    <message>
        <source>Lowest rim of the ostium to the annulus plane, at right angles to it; low under 10 mm</source>
        <translation>Unterer Rand des Ostiums bis zur Anulusebene, senkrecht zu ihr; niedrig unter 10 mm</translation>
    </message>
    <message>
        <source>Hinge to free edge along the leaflet</source>
        <translation>Hinge-Punkt bis freier Rand entlang der Tasche</translation>
    </message>
    <message>
        <source>Annulus plane to the crest of the muscular septum below the commissure of RCC and NCC</source>
        <translation>Anulusebene bis zum Kamm des muskulären Septums unter der Kommissur von RCC und NCC</translation>
    </message>
    <message>
        <source>The same a quarter of the way to this side</source>
        <translation>Dasselbe ein Viertel des Weges zu dieser Seite</translation>
    </message>
    <message>
        <source>Cusps that open apart</source>
        <translation>Taschen, die getrennt öffnen</translation>
    </message>
    <message>
        <source>Sievers’ classes</source>
        <translation>Klassen nach Sievers</translation>
    </message>
    <message>
        <source>Number and place of raphes</source>
        <translation>Zahl und Lage der Raphen</translation>
    </message>
    <message>
        <source>Between the edges of the commissures 4 mm above the annulus</source>
        <translation>Zwischen den Rändern der Kommissuren 4 mm über dem Anulus</translation>
    </message>
    <message>
        <source>Volume over the threshold in the third of the non-coronary cusp, from the annulus to the junction</source>
        <translation>Volumen über der Schwelle im Drittel der akoronaren Tasche, vom Anulus bis zum Übergang</translation>
    </message>
    <message>
        <source>Volume over the threshold in the third of the right cusp, from the annulus to the junction</source>
        <translation>Volumen über der Schwelle im Drittel der rechten Tasche, vom Anulus bis zum Übergang</translation>
    </message>
    <message>
        <source>Volume over the threshold in the third of the left cusp, from the annulus to the junction</source>
        <translation>Volumen über der Schwelle im Drittel der linken Tasche, vom Anulus bis zum Übergang</translation>
    </message>
    <message>
        <source>Volume over the threshold in the outflow tract, down to 10 mm below the annulus</source>
        <translation>Volumen über der Schwelle im Ausflusstrakt, bis 10 mm unter dem Anulus</translation>
    </message>
    <message>
        <source>Volume over 850 HU in leaflets and tract, whatever the lumen</source>
        <translation>Volumen über 850 HU in Taschen und Trakt, unabhängig vom Lumen</translation>
    </message>
    <message>
        <source>Level of the blood in the root, which the threshold follows</source>
        <translation>HU-Wert des Blutes in der Wurzel, dem die Schwelle folgt</translation>
    </message>
    <message>
        <source>Spread (1 SD) of the HU of the blood in the root</source>
        <translation>Streuung (1 SD) der HU des Blutes in der Wurzel</translation>
    </message>
    <message>
        <source>Volume of the same islands over 130 HU</source>
        <translation>Volumen derselben Inseln über 130 HU</translation>
    </message>
    <message>
        <source>View with the annulus on edge and the right cusp in the middle</source>
        <translation>Ansicht mit dem Anulus auf der Kante und der rechten Tasche in der Mitte</translation>
    </message>
    <message>
        <source>View with the annulus on edge and the left and right cusps over each other</source>
        <translation>Ansicht mit dem Anulus auf der Kante und linker und rechter Tasche übereinander</translation>
    </message>
    <message>
        <source>View with the annulus on edge and the non-coronary and right cusps over each other</source>
        <translation>Ansicht mit dem Anulus auf der Kante und akoronarer und rechter Tasche übereinander</translation>
    </message>
    <message>
        <source>A view of one’s own</source>
        <translation>Eine eigene Ansicht</translation>
    </message>
    <message>
        <source>How far this room’s C-arm is taken to turn</source>
        <translation>Wie weit der C-Bogen dieses Raums drehen soll</translation>
    </message>
    <message>
        <source>How far from its edge the annulus is seen: 100 · |view · normal|</source>
        <translation>Wie weit neben der Kante der Anulus gesehen wird: 100 · |Blick · Normale|</translation>
    </message>
    <message>
        <source>Membranous septum less depth of implantation; new conduction trouble is rarer above 0</source>
        <translation>Membranöses Septum minus Implantationstiefe; neue Leitungsstörungen sind über 0 seltener</translation>
    </message>
    <message>
        <source>Valve to coronary: least distance from the valve’s cylinder to the plane of the left ostium</source>
        <translation>Klappe zu Koronarie: kleinster Abstand vom Klappenzylinder zur Ebene des linken Ostiums</translation>
    </message>
    <message>
        <source>Valve to coronary: least distance from the valve’s cylinder to the plane of the right ostium</source>
        <translation>Klappe zu Koronarie: kleinster Abstand vom Klappenzylinder zur Ebene des rechten Ostiums</translation>
    </message>
    <message>
        <source>Valve to junction: least distance from the valve’s cylinder to the wall of the STJ</source>
        <translation>Klappe zu Übergang: kleinster Abstand vom Klappenzylinder zur Wand des STJ</translation>
    </message>
    <message>
        <source>Calcium that the expanded frame reaches</source>
        <translation>Kalk, den der entfaltete Rahmen erreicht</translation>
    </message>
    <message>
        <source>Angle between the valve’s posts and the nearest commissures</source>
        <translation>Winkel zwischen den Pfosten der Klappe und den nächsten Kommissuren</translation>
    </message>
    <message>
        <source>The valve’s size held against the inner diameter of the valve that is there</source>
        <translation>Größe der Klappe gegen den Innendurchmesser der vorhandenen Klappe</translation>
    </message>
    <message>
        <source>Area of the outflow tract at the place that the mitral valve narrows most</source>
        <translation>Fläche des Ausflusstrakts an der Stelle, die die Mitralklappe am stärksten einengt</translation>
    </message>
    <message>
        <source>Share of that area that the mitral valve leaves open</source>
        <translation>Anteil dieser Fläche, den die Mitralklappe offen lässt</translation>
    </message>
    <message>
        <source>Whether the area left, with its ±, is over this limit</source>
        <translation>Ob die verbleibende Fläche mit ihrem ± über dieser Grenze liegt</translation>
    </message>
    <message>
        <source>named below</source>
        <translation>unten genannt</translation>
    </message>
    <message>
        <source>Area of the mitral annulus on its own plane</source>
        <translation>Fläche des Mitralanulus in seiner eigenen Ebene</translation>
    </message>
    <message>
        <source>Mean of its greatest and least width</source>
        <translation>Mittel aus größter und kleinster Breite</translation>
    </message>
    <message>
        <source>Mean of the area left over all heart phases</source>
        <translation>Mittel der verbleibenden Fläche über alle Herzphasen</translation>
    </message>
    <message>
        <source>Area left in this heart phase</source>
        <translation>Verbleibende Fläche in dieser Herzphase</translation>
    </message>
    <message>
        <source>A route that the scan does not show whole</source>
        <translation>Ein Zugangsweg, den der Scan nicht ganz zeigt</translation>
    </message>
    <message>
        <source>Area where the hinge plane meets the edge of the blood</source>
        <translation>Fläche, in der die Hinge-Ebene den Rand des Blutes schneidet</translation>
    </message>
    <message>
        <source>Lowest rim of the left ostium to the annulus plane</source>
        <translation>Unterer Rand des linken Ostiums bis zur Anulusebene</translation>
    </message>
    <message>
        <source>Lowest rim of the right ostium to the annulus plane</source>
        <translation>Unterer Rand des rechten Ostiums bis zur Anulusebene</translation>
    </message>
    <message>
        <source>Volume over the threshold in leaflets and outflow tract</source>
        <translation>Volumen über der Schwelle in Taschen und Ausflusstrakt</translation>
    </message>
    <message>
        <source>Sizes whose range holds the annulus; which is implanted is a person’s to say</source>
        <translation>Größen, in deren Bereich der Anulus liegt; welche implantiert wird, entscheidet ein Mensch</translation>
    </message>
    <message>
        <source>the makers’ tables</source>
        <translation>Tabellen der Hersteller</translation>
    </message>
    <message>
        <source>What the report asks to look at before it is signed</source>
        <translation>Was der Bericht vor der Unterschrift anzusehen bittet</translation>
    </message>
    <message>
        <source>Where the measured stretch begins</source>
        <translation>Wo die gemessene Strecke beginnt</translation>
    </message>
    <message>
        <source>Where the measured stretch ends</source>
        <translation>Wo die gemessene Strecke endet</translation>
    </message>
    <message>
        <source>The number as it was before sections were pulled by hand</source>
        <translation>Die Zahl, bevor Querschnitte von Hand gezogen wurden</translation>
    </message>
    <message>
        <source>Least width of the measured vessel, and its length</source>
        <translation>Kleinste Breite des gemessenen Gefäßes und seine Länge</translation>
    </message>
    <message>
        <source>Least width of the branch, and its length; ≈ where it has no sections yet</source>
        <translation>Kleinste Breite des Asts und seine Länge; ≈ wo es noch keine Querschnitte gibt</translation>
    </message>
    <message>
        <source>Whether the neck holds to the usual and to the extended limits</source>
        <translation>Ob der Hals die üblichen und die erweiterten Grenzen einhält</translation>
    </message>
    <message>
        <source>Least calliper width, as running median of three sections</source>
        <translation>Kleinste Breite (Messschieber), gleitender Median aus drei Querschnitten</translation>
    </message>
    <message>
        <source>Greatest calliper width of a section</source>
        <translation>Größte Breite eines Querschnitts (Messschieber)</translation>
    </message>
    <message>
        <source>Length over straight distance: 1 is straight</source>
        <translation>Länge durch gerade Strecke: 1 ist gerade</translation>
    </message>
    <message>
        <source>Where the branch leaves its parent</source>
        <translation>Wo der Ast abgeht</translation>
    </message>
    <message>
        <source>Where the branch is lost in the scan</source>
        <translation>Wo sich der Ast im Scan verliert</translation>
    </message>
    <message>
        <source>Diameter of the circle of the section’s area, now</source>
        <translation>Durchmesser des Kreises mit der Fläche des Querschnitts, jetzt</translation>
    </message>
    <message>
        <source>The same at the same place in the earlier study</source>
        <translation>Dasselbe an derselben Stelle in der früheren Studie</translation>
    </message>
    <message>
        <source>Now less before; within its ± it is no growth</source>
        <translation>Jetzt minus vorher; innerhalb des ± ist es kein Wachstum</translation>
    </message>
    <message>
        <source>Length of the stretch that both studies show, and its change</source>
        <translation>Länge der Strecke, die beide Studien zeigen, und ihre Änderung</translation>
    </message>
    <message>
        <source>Distance between neighbouring voxels within a slice</source>
        <translation>Abstand benachbarter Voxel in einer Schicht</translation>
    </message>
    <message>
        <source>Distance from slice to slice; margins cannot be surer than it</source>
        <translation>Abstand von Schicht zu Schicht; sicherer kann kein Resektionsrand sein</translation>
    </message>
    <message>
        <source>Contrast phase as the scan is named</source>
        <translation>Kontrastphase, wie der Scan benannt ist</translation>
    </message>
    <message>
        <source>Length of all branches along their middles</source>
        <translation>Länge aller Äste entlang ihrer Mitten</translation>
    </message>
    <message>
        <source>A place of the trees that the program is not sure of</source>
        <translation>Eine Stelle der Bäume, deren sich das Programm nicht sicher ist</translation>
    </message>
    <message>
        <source>Greatest width of the tumour’s smooth surface; its volume</source>
        <translation>Größte Breite der glatten Tumoroberfläche; Volumen</translation>
    </message>
    <message>
        <source>surface within the voxels</source>
        <translation>Oberfläche innerhalb der Voxel</translation>
    </message>
    <message>
        <source>Least distance from the tumour’s surface to the vessel’s wall; contact is tumour surface within 1 mm of it</source>
        <translation>Kleinster Abstand von der Tumoroberfläche zur Gefäßwand; Kontakt ist Tumoroberfläche höchstens 1 mm davon</translation>
    </message>
    <message>
        <source>Volume of the liver that is nearest to the branches of this territory, and its share</source>
        <translation>Volumen der Leber, das den Ästen dieses Gebiets am nächsten liegt, und sein Anteil</translation>
    </message>
    <message>
        <source>A branch that could belong to two segments</source>
        <translation>Ein Ast, der zu zwei Segmenten gehören könnte</translation>
    </message>
    <message>
        <source>A branch that was given to this segment</source>
        <translation>Ein Ast, der diesem Segment zugeordnet wurde</translation>
    </message>
    <message>
        <source>Where the cut comes nearest to a tumour that goes</source>
        <translation>Wo der Schnitt einem entfernten Tumor am nächsten kommt</translation>
    </message>
    <message>
        <source>Voxels whose middle lies on the removed side, and their share of the liver</source>
        <translation>Voxel, deren Mitte auf der entfernten Seite liegt, und ihr Anteil an der Leber</translation>
    </message>
    <message>
        <source>Liver less removed</source>
        <translation>Leber minus Entferntes</translation>
    </message>
    <message>
        <source>Tumour on the kept side; it must be nothing</source>
        <translation>Tumor auf der verbleibenden Seite; es darf keiner sein</translation>
    </message>
    <message>
        <source>Future liver remnant in ml over body weight in kg, in percent</source>
        <translation>Restlebervolumen in ml durch Körpergewicht in kg, in Prozent</translation>
    </message>
    <message>
        <source>1 ml taken as 1 g</source>
        <translation>1 ml gilt als 1 g</translation>
    </message>
    <message>
        <source>Future liver remnant over −794.41 + 1267.28 · BSA</source>
        <translation>Restlebervolumen durch −794,41 + 1267,28 · KOF</translation>
    </message>
    <message>
        <source>Future liver remnant over 706.2 · BSA + 2.4</source>
        <translation>Restlebervolumen durch 706,2 · KOF + 2,4</translation>
    </message>
    <message>
        <source>Future liver remnant over 18.51 · weight + 191.8</source>
        <translation>Restlebervolumen durch 18,51 · Gewicht + 191,8</translation>
    </message>
    <message>
        <source>Body surface from weight and height</source>
        <translation>Körperoberfläche aus Gewicht und Größe</translation>
    </message>
    <message>
        <source>the formula named in the row</source>
        <translation>Formel, die in der Zeile steht</translation>
    </message>
    <message>
        <source>Kept liver with inflow whose hepatic vein is cut</source>
        <translation>Verbleibende Leber mit Zufluss, deren Lebervene durchtrennt ist</translation>
    </message>
    <message>
        <source>Kept liver whose portal branch is cut or occluded</source>
        <translation>Verbleibende Leber, deren Pfortaderast durchtrennt oder verschlossen ist</translation>
    </message>
    <message>
        <source>Voxels whose middle lies on the removed side, and their share of the kidney</source>
        <translation>Voxel, deren Mitte auf der entfernten Seite liegt, und ihr Anteil an der Niere</translation>
    </message>
    <message>
        <source>Kidney with tumours less removed</source>
        <translation>Niere mit Tumoren minus Entferntes</translation>
    </message>
    <message>
        <source>Kept parenchyma whose branch of the artery is cut</source>
        <translation>Verbleibendes Parenchym, dessen Arterienast durchtrennt ist</translation>
    </message>
    <message>
        <source>Kept parenchyma whose branch of the artery is clamped</source>
        <translation>Verbleibendes Parenchym, dessen Arterienast geklemmt ist</translation>
    </message>
    <message>
        <source>Width of a vessel where a cut divides it, by the ball that fits in it</source>
        <translation>Breite eines Gefäßes, wo ein Schnitt es teilt, nach der Kugel, die hineinpasst</translation>
    </message>
    <message>
        <source>Least distance from the tumour’s surface to the surface of the ablation zone</source>
        <translation>Kleinster Abstand von der Tumoroberfläche zur Oberfläche der Ablationszone</translation>
    </message>
    <message>
        <source>Share of needle positions, off by the errors named, that leave this margin all round</source>
        <translation>Anteil der Nadellagen mit den genannten Fehlern, die diesen Rand ringsum lassen</translation>
    </message>
    <message>
        <source>Length of the needle from skin to target, and what it passes nearest to</source>
        <translation>Länge der Nadel von der Haut zum Ziel, und woran sie am nächsten vorbeigeht</translation>
    </message>
    <message>
        <source>Least margin of the tumours that go, and future liver remnant</source>
        <translation>Kleinster Resektionsrand der entfernten Tumoren und Restlebervolumen</translation>
    </message>
    <message>
        <source>Remnant’s share of the standard liver volume, after less before</source>
        <translation>Anteil des Rests am Standardlebervolumen, nachher minus vorher</translation>
    </message>
    <message>
        <source>The same over the weeks between</source>
        <translation>Dasselbe durch die Wochen dazwischen</translation>
    </message>
    <message>
        <source>Remnant after over remnant before, less 1</source>
        <translation>Rest nachher durch Rest vorher, minus 1</translation>
    </message>
    <message>
        <source>Remnant as measured later over the standard liver volume</source>
        <translation>Später gemessener Rest durch das Standardlebervolumen</translation>
    </message>
    <message>
        <source>Weight of what the plan removes, from its volume</source>
        <translation>Gewicht dessen, was der Plan entfernt, aus seinem Volumen</translation>
    </message>
    <message>
        <source>Graft weight over the recipient’s body weight</source>
        <translation>Transplantatgewicht durch Körpergewicht des Empfängers</translation>
    </message>
    <message>
        <source>0.8 % is the usual least</source>
        <translation>0,8 % sind üblicherweise das Mindeste</translation>
    </message>
    <message>
        <source>What the donor keeps of the liver without tumour</source>
        <translation>Was der Spender von der Leber ohne Tumor behält</translation>
    </message>
    <message>
        <source>30 % is the usual least</source>
        <translation>30 % sind üblicherweise das Mindeste</translation>
    </message>
    <message>
        <source>Radius: greatest diameter of the tumour</source>
        <translation>Radius: größter Durchmesser des Tumors</translation>
    </message>
    <message>
        <source>Exophytic: share of the tumour beyond the kidney’s outline</source>
        <translation>Exophytisch: Anteil des Tumors außerhalb des Nierenumrisses</translation>
    </message>
    <message>
        <source>Nearness: least distance to the collecting system or sinus</source>
        <translation>Nähe: kleinster Abstand zum Hohlsystem oder Sinus</translation>
    </message>
    <message>
        <source>Anterior, posterior or neither, against the kidney’s middle plane</source>
        <translation>Vorn, hinten oder keins von beiden, zur Mittelebene der Niere</translation>
    </message>
    <message>
        <source>Location against the polar lines, where the sinus lips begin and end</source>
        <translation>Lage zu den Pollinien, wo die Lippen des Sinus beginnen und enden</translation>
    </message>
    <message>
        <source>Tumour surface whose neighbour 1 mm outwards is parenchyma</source>
        <translation>Tumoroberfläche, deren Nachbar 1 mm außerhalb Parenchym ist</translation>
    </message>
    <message>
        <source>2π · radius · depth: a cross-check only</source>
        <translation>2π · Radius · Tiefe: nur zur Gegenprobe</translation>
    </message>
    <message>
        <source>Share of the tumour with its margin that the clamped branches feed; less than all would bleed</source>
        <translation>Anteil des Tumors mit Rand, den die geklemmten Äste versorgen; was fehlt, würde bluten</translation>
    </message>
    <message>
        <source>Voxels whose nearest branch of the artery is clamped, tumour among them</source>
        <translation>Voxel, deren nächster Arterienast geklemmt ist, Tumor eingeschlossen</translation>
    </message>
    <message>
        <source>The same without tumour</source>
        <translation>Dasselbe ohne Tumor</translation>
    </message>
    <message>
        <source>Kept parenchyma that stands still when the main artery is clamped</source>
        <translation>Verbleibendes Parenchym, das ohne Blut ist, wenn die Hauptarterie geklemmt ist</translation>
    </message>
    <message>
        <source>Score of the largest tumour and least margin of the plan</source>
        <translation>Score des größten Tumors und kleinster Resektionsrand des Plans</translation>
    </message>
    <message>
        <source>Place in the heartbeat at which the image was taken</source>
        <translation>Zeitpunkt im Herzschlag, zu dem das Bild aufgenommen wurde</translation>
    </message>
    <message>
        <source>Hinge points placed or found; the annulus needs three</source>
        <translation>Gesetzte oder gefundene Hinge-Punkte; der Anulus braucht drei</translation>
    </message>
    <message>
        <source>Area where the plane through the three hinges meets the edge of the blood</source>
        <translation>Fläche, in der die Ebene durch die drei Hinge-Punkte den Rand des Blutes schneidet</translation>
    </message>
    <message>
        <source>Lowest rim of the left ostium to the annulus plane, at right angles to it; low under 10 mm</source>
        <translation>Unterer Rand des linken Ostiums bis zur Anulusebene, senkrecht zu ihr; niedrig unter 10 mm</translation>
    </message>
    <message>
        <source>Least calliper width of the route, as running median of three sections</source>
        <translation>Kleinste Breite des Zugangswegs (Messschieber), gleitender Median aus drei Querschnitten</translation>
    </message>
    <message>
        <source>Ends of the measured stretch that are placed</source>
        <translation>Gesetzte Enden der gemessenen Strecke</translation>
    </message>
    <message>
        <source>Branches found beyond the measured vessel</source>
        <translation>Äste, die neben dem gemessenen Gefäß gefunden wurden</translation>
    </message>
    <message>
        <source>Greatest width of a section below the neck; thrombus is not in it</source>
        <translation>Größte Breite eines Querschnitts unter dem Hals; ohne Thrombus</translation>
    </message>
    <message>
        <source>Greatest difference of area diameters at one place in both studies</source>
        <translation>Größter Unterschied der flächenabgeleiteten Durchmesser an einer Stelle in beiden Studien</translation>
    </message>
    <message>
        <source>Union of the chosen structures and tumours</source>
        <translation>Vereinigung der gewählten Strukturen und Tumoren</translation>
    </message>
    <message>
        <source>Portal and hepatic trees that have a root</source>
        <translation>Portale und hepatische Bäume mit einer Wurzel</translation>
    </message>
    <message>
        <source>Connected pieces of the chosen tumours</source>
        <translation>Zusammenhängende Teile der gewählten Tumoren</translation>
    </message>
    <message>
        <source>Territories that hold liver of their own</source>
        <translation>Gebiete mit eigenem Leberanteil</translation>
    </message>
    <message>
        <source>Plans of this organ that the case holds</source>
        <translation>Pläne dieses Organs, die der Fall enthält</translation>
    </message>
    <message>
        <source>Union of the kidney’s structures and tumours</source>
        <translation>Vereinigung der Strukturen und Tumoren der Niere</translation>
    </message>
    <message>
        <source>Sum of R, E, N and L; a, p or x for A, h where it touches the main vessels</source>
        <translation>Summe aus R, E, N und L; a, p oder x für A, h bei Kontakt zu den Hauptgefäßen</translation>
    </message>
    <message>
        <source>Least distance from the surface of a tumour that goes to the cut inside the organ</source>
        <translation>Kleinster Abstand von der Oberfläche eines entfernten Tumors zum Schnitt im Organ</translation>
    </message>
    <message>
        <source>Kept liver with inflow and drainage, of the liver without tumour</source>
        <translation>Verbleibende Leber mit Zufluss und Abfluss, bezogen auf die Leber ohne Tumor</translation>
    </message>
    <message>
        <source>100 · (kept − kept tumour) / (liver − tumours)</source>
        <translation>100 · (Verbleibt − verbleibender Tumor) / (Leber − Tumoren)</translation>
    </message>
    <message>
        <source>100 · (kept − kept tumour) / (kidney − tumours)</source>
        <translation>100 · (verbleibend − verbleibender Tumor) / (Niere − Tumoren)</translation>
    </message>
    <message>
        <source>Least margin</source>
        <comment>in a row</comment>
        <translation>Kleinster Rand</translation>
    </message>
    <message>
        <source>least distance from a removed tumour&apos;s surface to the cut inside the kidney</source>
        <translation>kleinster Abstand der Oberfläche eines entfernten Tumors zum Schnitt innerhalb der Niere</translation>
    </message>
    <message>
        <source>upper polar line</source>
        <translation>obere Pollinie</translation>
    </message>
    <message>
        <source>middle</source>
        <comment>between two polar lines</comment>
        <translation>Mitte</translation>
    </message>
    <message>
        <source>lower polar line</source>
        <translation>untere Pollinie</translation>
    </message>
    <message>
        <source>Coronal: what the clamps leave without blood is hatched</source>
        <translation>Koronal: was die Klemmen ohne Blut lassen, ist schraffiert</translation>
    </message>
    <message>
        <source>Axial at the least margin</source>
        <translation>Axial am kleinsten Resektionsrand</translation>
    </message>
    <message>
        <source>Coronal through T{id}</source>
        <translation>Koronal durch T{id}</translation>
    </message>
    <message>
        <source>{view}: removed part hatched</source>
        <translation>{view}: entfernter Teil schraffiert</translation>
    </message>
    <message>
        <source>, {points} of 3</source>
        <translation>, {points} von 3</translation>
    </message>
    <message>
        <source>From the front: clamped part coloured</source>
        <translation>Von vorn: geklemmter Teil farbig</translation>
    </message>
    <message>
        <source>18.51 · weight + 191.8</source>
        <translation>18,51 · Gewicht + 191,8</translation>
    </message>
    <message>
        <source>segments</source>
        <translation>Segmente</translation>
    </message>
    <message>
        <source>portal</source>
        <translation>Pfortader</translation>
    </message>
    <message>
        <source>hepatic</source>
        <translation>Lebervenen</translation>
    </message>
    <message>
        <source>nearest portal branch</source>
        <translation>nächster Pfortaderast</translation>
    </message>
    <message>
        <source>nearest hepatic vein</source>
        <translation>nächste Lebervene</translation>
    </message>
    <message>
        <source>Whole</source>
        <translation>Gesamt</translation>
    </message>
    <message>
        <source>No inflow</source>
        <translation>Ohne Zufluss</translation>
    </message>
    <message>
        <source>Liver resection plan “{name}”</source>
        <translation>Leberresektionsplan „{name}“</translation>
    </message>
    <message>
        <source>kept {volume}</source>
        <translation>verbleiben {volume}</translation>
    </message>
    <message>
        <source>Liver board</source>
        <translation>Leberboard</translation>
    </message>
    <message>
        <source>Two-stage or embolisation</source>
        <translation>Zweizeitig oder Embolisation</translation>
    </message>
    <message>
        <source>What the ± of a margin is made of</source>
        <translation>Woraus das ± eines Resektionsrands besteht</translation>
    </message>
    <message>
        <source>Slice thickness, voxel size and the tumour’s curvature, calibrated on phantoms of known margin. The segmentation’s own error is not in it; volumes carry no ± because theirs is the segmentation’s alone.</source>
        <translation>Schichtdicke, Voxelgröße und Krümmung des Tumors, kalibriert an Phantomen mit bekanntem Rand. Der Fehler der Segmentierung selbst ist nicht enthalten; Volumina tragen kein ±, weil ihres allein das der Segmentierung ist.</translation>
    </message>
    <message>
        <source>The margin’s ± is one-sided: how much smaller the true distance to the segmented tumour may be. The segmentation’s own error is not in it.</source>
        <translation>Das ± des Resektionsrands ist einseitig: um wie viel kleiner der wahre Abstand zum segmentierten Tumor sein kann. Der Fehler der Segmentierung selbst ist nicht enthalten.</translation>
    </message>
    <message>
        <source>A voxel is removed or kept as a whole by its centre, so removed and kept add up to the organ.</source>
        <translation>Ein Voxel wird nach seiner Mitte ganz entfernt oder ganz belassen, daher ergeben entfernt und belassen zusammen das Organ.</translation>
    </message>
    <message>
        <source>CT volumes over-read specimen weight by 5 to 20 % (blood).</source>
        <translation>CT-Volumina liegen 5 bis 20 % über dem Präparatgewicht (Blut).</translation>
    </message>
    <message>
        <source>The parenchymal margin and the distance to vessels are two numbers; the capsule is no margin.</source>
        <translation>Der parenchymale Resektionsrand und der Abstand zu Gefäßen sind zwei Zahlen; die Kapsel ist kein Rand.</translation>
    </message>
    <message>
        <source>{tumors} stays</source>
        <translation>{tumors} bleibt</translation>
    </message>
    <message>
        <source>{tumors} stay</source>
        <translation>{tumors} bleiben</translation>
    </message>
    <message>
        <source>Future liver remnant</source>
        <comment>in a box</comment>
        <translation>Restlebervolumen</translation>
    </message>
    <message>
        <source>Viable remnant</source>
        <comment>in a box</comment>
        <translation>Funktioneller Rest</translation>
    </message>
    <message>
        <source>{limit:.0f} asked</source>
        <translation type="vanished">{limit:.0f} gefordert</translation>
    </message>
    <message>
        <source>{limit:.0f} % asked</source>
        <translation>{limit:.0f} % gefordert</translation>
    </message>
    <message>
        <source>{asked}, sFLR {share}</source>
        <translation>{asked}, sFLR {share}</translation>
    </message>
    <message>
        <source>Less than 0.1 ml</source>
        <translation>Weniger als 0,1 ml</translation>
    </message>
    <message>
        <source>{much} of tumour stay in the kept part.</source>
        <translation>{much} Tumor bleiben im verbleibenden Teil.</translation>
    </message>
    <message>
        <source>Cut through a tumour</source>
        <translation>Schnitt durch einen Tumor</translation>
    </message>
    <message>
        <source>The cut passes through T{which}, {depth} deep.</source>
        <translation>Der Schnitt geht durch T{which}, {depth} tief.</translation>
    </message>
    <message>
        <source>Future remnant, FLR</source>
        <translation>Restlebervolumen, FLR</translation>
    </message>
    <message>
        <source>Standardised FLR</source>
        <translation>Standardisiertes FLR</translation>
    </message>
    <message>
        <source>FLR / body weight</source>
        <translation>FLR / Körpergewicht</translation>
    </message>
    <message>
        <source>T{id} longest</source>
        <translation>T{id} längster Ø</translation>
    </message>
    <message>
        <source>{vessel}, cut</source>
        <translation>{vessel}, durchtrennt</translation>
    </message>
    <message>
        <source>FLR = (kept − kept tumour) / (liver − tumours).</source>
        <translation>FLR = (verbleibend − verbleibender Tumor) / (Leber − Tumoren).</translation>
    </message>
    <message>
        <source>Standard volume {volume} ({formula}).</source>
        <translation>Standardvolumen {volume} ({formula}).</translation>
    </message>
    <message>
        <source>Margins and vessels</source>
        <translation>Resektionsränder und Gefäße</translation>
    </message>
    <message numerus="yes">
        <source>%n tumour(s) farther from the cut: details page.</source>
        <translation>
            <numerusform>%n Tumor weiter vom Schnitt entfernt: Seite mit Einzelheiten.</numerusform>
            <numerusform>%n Tumoren weiter vom Schnitt entfernt: Seite mit Einzelheiten.</numerusform>
        </translation>
    </message>
    <message>
        <source>T{id} stays, to cut</source>
        <translation>T{id} bleibt, zum Schnitt</translation>
    </message>
    <message>
        <source>T{id} stays in part, to cut</source>
        <translation>T{id} bleibt teilweise, zum Schnitt</translation>
    </message>
    <message>
        <source>The {count} largest of {whole};</source>
        <translation>Die {count} größten von {whole};</translation>
    </message>
    <message>
        <source>Each voxel is of the nearest branch.</source>
        <translation>Jedes Voxel gehört zum nächsten Ast.</translation>
    </message>
    <message>
        <source>Congested and without inflow: tissue that stays. More on the details page.</source>
        <translation>Gestaut und ohne Zufluss: Gewebe, das verbleibt. Mehr auf der Seite mit Einzelheiten.</translation>
    </message>
    <message>
        <source>Territories: {tree}, ml</source>
        <translation>Territorien: {tree}, ml</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>No vessel tree was named in this plan.</source>
        <translation>In diesem Plan wurde kein Gefäßbaum benannt.</translation>
    </message>
    <message>
        <source>There is one liver plan in this case.</source>
        <translation>Dieser Fall enthält einen Leberplan.</translation>
    </message>
    <message>
        <source>Lies in</source>
        <translation>Liegt in</translation>
    </message>
    <message>
        <source>To the cut</source>
        <translation>Zum Schnitt</translation>
    </message>
    <message>
        <source>stays, {distance}</source>
        <translation>bleibt, {distance}</translation>
    </message>
    <message>
        <source>stays in part, {distance}</source>
        <translation>bleibt teilweise, {distance}</translation>
    </message>
    <message>
        <source>Each voxel belongs to the named branch whose centreline is nearest (Euclidean distance).</source>
        <translation>Jedes Voxel gehört zum benannten Ast mit der nächsten Mittellinie (euklidischer Abstand).</translation>
    </message>
    <message>
        <source>{count} more are in the plan’s JSON.</source>
        <translation>{count} weitere stehen im JSON des Plans.</translation>
    </message>
    <message>
        <source>Vessels the cut meets</source>
        <translation>Gefäße, die der Schnitt trifft</translation>
    </message>
    <message>
        <source>Tree</source>
        <translation>Baum</translation>
    </message>
    <message>
        <source>The widest; {count} thinner ones are in the plan’s JSON.</source>
        <translation>Die weitesten; {count} dünnere stehen im JSON des Plans.</translation>
    </message>
    <message>
        <source>None found, or no vessel tree was named.</source>
        <translation>Keine gefunden, oder es wurde kein Gefäßbaum benannt.</translation>
    </message>
    <message>
        <source>Organ</source>
        <translation>Organ</translation>
    </message>
    <message>
        <source>union of the named structures and tumours, to the voxel</source>
        <translation>Vereinigung der benannten Strukturen und Tumoren, voxelgenau</translation>
    </message>
    <message>
        <source>voxels whose centre lies strictly on the removed side</source>
        <translation>Voxel, deren Mitte streng auf der entfernten Seite liegt</translation>
    </message>
    <message>
        <source>organ less removed</source>
        <translation>Organ ohne das Entfernte</translation>
    </message>
    <message>
        <source>100 · (kept − kept tumour) / (organ − tumours)</source>
        <translation>100 · (verbleibend − verbleibender Tumor) / (Organ − Tumoren)</translation>
    </message>
    <message>
        <source>FLR volume / standard liver volume ({formula})</source>
        <translation>FLR-Volumen / Standardlebervolumen ({formula})</translation>
    </message>
    <message>
        <source>Viable FLR</source>
        <translation>Funktionelles FLR</translation>
    </message>
    <message>
        <source>kept, portal inflow and hepatic drainage both intact</source>
        <translation>verbleibend, portaler Zufluss und venöser Abfluss erhalten</translation>
    </message>
    <message>
        <source>occluded branches without inflow</source>
        <translation>verschlossene Äste ohne Zufluss</translation>
    </message>
    <message>
        <source>least distance from a removed tumour’s sub-voxel surface to the cut inside the organ</source>
        <translation>kleinster Abstand der subvoxelgenauen Oberfläche eines entfernten Tumors zum Schnitt im Organ</translation>
    </message>
    <message>
        <source>greatest width of the sub-voxel surface</source>
        <translation>größte Weite der subvoxelgenauen Oberfläche</translation>
    </message>
    <message>
        <source>After the occlusion</source>
        <translation>Nach der Okklusion</translation>
    </message>
    <message>
        <source>After stage 1</source>
        <translation>Nach Schritt 1</translation>
    </message>
    <message>
        <source>After stage 2</source>
        <translation>Nach Schritt 2</translation>
    </message>
    <message>
        <source>Normal liver</source>
        <translation>Normale Leber</translation>
    </message>
    <message>
        <source>After chemotherapy</source>
        <translation>Nach Chemotherapie</translation>
    </message>
    <message>
        <source>Cirrhosis or hepatitis</source>
        <translation>Zirrhose oder Hepatitis</translation>
    </message>
    <message>
        <source>Limit of one’s own</source>
        <translation>Eigene Grenze</translation>
    </message>
    <message>
        <source>Condition not described</source>
        <translation>Zustand nicht beschrieben</translation>
    </message>
    <message>
        <source>portal branch</source>
        <translation>Pfortaderast</translation>
    </message>
    <message>
        <source>hepatic vein</source>
        <translation>Lebervene</translation>
    </message>
    <message>
        <source>segment</source>
        <translation>Segment</translation>
    </message>
    <message>
        <source>, {volume} of it no other removes</source>
        <translation>, davon {volume} nur dieser</translation>
    </message>
    <message>
        <source>Cut {number}, stage {stage}</source>
        <translation>Schnitt {number}, Schritt {stage}</translation>
    </message>
    <message>
        <source>{count}, largest {width}</source>
        <translation>{count}, weitestes {width}</translation>
    </message>
    <message>
        <source>{branches}: {occluded_ml} occluded, {supplied_ml} ({supplied_percent}) keep their flow; of the final remnant {kept_occluded_ml} are occluded.</source>
        <translation>{branches}: {occluded_ml} verschlossen, {supplied_ml} ({supplied_percent}) behalten ihren Fluss; vom endgültigen Rest sind {kept_occluded_ml} verschlossen.</translation>
    </message>
    <message>
        <source>sFLR, {formula} (leads)</source>
        <translation>sFLR, {formula} (führend)</translation>
    </message>
    <message>
        <source>of {volume}</source>
        <translation>von {volume}</translation>
    </message>
    <message>
        <source>{percent:g} % of the {denominator}</source>
        <translation>{percent:g} % von: {denominator}</translation>
    </message>
    <message>
        <source>, outside the {low:g}–{high:g} m² that the formulas were fitted to</source>
        <translation>, außerhalb der {low:g}–{high:g} m², für die die Formeln gelten</translation>
    </message>
    <message>
        <source>Body surface {surface:.2f} m² ({formula}){fits}.</source>
        <translation>Körperoberfläche {surface:.2f} m² ({formula}){fits}.</translation>
    </message>
    <message>
        <source>Within {reach:g} mm. Distance from the tumour’s surface to the vessel’s wall; contact: tumour surface within 1 mm of it. A thin vessel’s wall is known to about half a voxel.</source>
        <translation>Innerhalb von {reach:g} mm. Abstand von der Tumoroberfläche zur Gefäßwand; Kontakt: Tumoroberfläche bis 1 mm davon. Die Wand eines dünnen Gefäßes ist auf etwa ein halbes Voxel bekannt.</translation>
    </message>
    <message>
        <source>No vessel of a named tree within {reach:g} mm of a tumour.</source>
        <translation>Kein Gefäß eines benannten Baums innerhalb von {reach:g} mm eines Tumors.</translation>
    </message>
    <message>
        <source>Probability of at least {wanted:g} mm everywhere, from 4000 needle places: needle off by {lateral_mm:g} mm (sd) on each axis across and {depth_mm:g} mm along it (3.7 mm mean lateral error, doi 10.3389/fonc.2021.713685), zone {size:g} % off its chart. Surface within 5 mm of the capsule is left out. Zone sizes are the makers’: verify them.</source>
        <translation>Wahrscheinlichkeit von mindestens {wanted:g} mm überall, aus 4000 Nadellagen: Nadel je Querachse um {lateral_mm:g} mm (SD) und längs um {depth_mm:g} mm verfehlt (3,7 mm mittlerer seitlicher Fehler, doi 10.3389/fonc.2021.713685), Zone {size:g} % neben ihrer Tabelle. Oberfläche bis 5 mm an der Kapsel bleibt außer Betracht. Zonengrößen stammen von den Herstellern: abgleichen.</translation>
    </message>
    <message>
        <source>{plan} · chosen from {count} plans</source>
        <translation>{plan} · gewählt aus {count} Plänen</translation>
    </message>
    <message>
        <source>{limit:g} mm asked</source>
        <translation>{limit:g} mm gefordert</translation>
    </message>
    <message>
        <source>Occlusion</source>
        <translation>Okklusion</translation>
    </message>
    <message>
        <source>cut {number}</source>
        <translation>Schnitt {number}</translation>
    </message>
    <message>
        <source>Removed at this stage</source>
        <translation>In diesem Schritt entfernt</translation>
    </message>
    <message>
        <source>Viable: inflow and drainage</source>
        <translation>Funktionell: Zufluss und Abfluss</translation>
    </message>
    <message>
        <source>Growth between the stages was not measured and is not assumed.</source>
        <translation>Wachstum zwischen den Schritten wurde nicht gemessen und wird nicht angenommen.</translation>
    </message>
    <message>
        <source>Measured on {after_on}: {flr_ml}, {flr_percent} of the liver without tumour of this plan’s own scan.</source>
        <translation>Gemessen am {after_on}: {flr_ml}, {flr_percent} der Leber ohne Tumor des Scans dieses Plans.</translation>
    </message>
    <message>
        <source>More on the details page.</source>
        <translation>Mehr auf der Seite mit Einzelheiten.</translation>
    </message>
    <message>
        <source>Without portal inflow</source>
        <translation>Ohne portalen Zufluss</translation>
    </message>
    <message>
        <source>Margins of stage 2 are those of all that is removed; percentages are of the liver without tumour.</source>
        <translation>Resektionsränder von Schritt 2 gelten für alles Entfernte; Prozente beziehen sich auf die Leber ohne Tumor.</translation>
    </message>
    <message>
        <source>Growth as measured stands below; the numbers here are those of the plan’s own scan.</source>
        <translation>Gemessenes Wachstum steht unten; die Zahlen hier sind die des Scans dieses Plans.</translation>
    </message>
    <message>
        <source>Least remnant, viable part</source>
        <translation>Mindestrest, funktioneller Teil</translation>
    </message>
    <message>
        <source>Remnant against the body</source>
        <translation>Leberrest im Verhältnis zum Körper</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>Gemessen</translation>
    </message>
    <message>
        <source>Of, asked</source>
        <translation>Von, gefordert</translation>
    </message>
    <message>
        <source>Without body size the liver without tumour stands for the standard liver volume.</source>
        <translation>Ohne Körpermaße steht die Leber ohne Tumor für das Standardlebervolumen.</translation>
    </message>
    <message>
        <source>runs into it</source>
        <translation>verläuft hinein</translation>
    </message>
    <message>
        <source>Vessels near the tumours</source>
        <translation>Gefäße nahe den Tumoren</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>Kontakt</translation>
    </message>
    <message>
        <source>No vessel tree or tumour was named.</source>
        <translation>Kein Gefäßbaum oder Tumor wurde benannt.</translation>
    </message>
    <message>
        <source>zone of its own size</source>
        <translation>Zone eigener Größe</translation>
    </message>
    <message>
        <source>Ablation</source>
        <translation>Ablation</translation>
    </message>
    <message>
        <source>At the capsule</source>
        <translation>An der Kapsel</translation>
    </message>
    <message>
        <source>No zone touches a tumour.</source>
        <translation>Keine Zone berührt einen Tumor.</translation>
    </message>
    <message>
        <source>Asked</source>
        <translation>Gefordert</translation>
    </message>
    <message>
        <source>{before_on} to {after_on} ({days} days), against {source}, of {value}. Limits: {limits}.</source>
        <translation>{before_on} bis {after_on} ({days} Tage), gegen {source}, von {value}. Grenzen: {limits}.</translation>
    </message>
    <message>
        <source>Recipient {weight:g} kg, {factor:g} g of graft for each ml of CT.</source>
        <translation>Empfänger {weight:g} kg, {factor:g} g Transplantat je ml CT.</translation>
    </message>
    <message>
        <source>entered</source>
        <translation>eingegeben</translation>
    </message>
    <message>
        <source>{before_on} to {after_on} ({days} days), {source}. Percentages are of this plan’s own scan: of its liver without tumour, and of the standard liver volume. Limits of growth: {limits}.</source>
        <translation>{before_on} bis {after_on} ({days} Tage), {source}. Prozente beziehen sich auf den Scan dieses Plans: auf seine Leber ohne Tumor und auf das Standardlebervolumen. Grenzen des Wachstums: {limits}.</translation>
    </message>
    <message>
        <source>points</source>
        <translation>Punkte</translation>
    </message>
    <message>
        <source>{count:g} points</source>
        <translation>{count:g} Punkte</translation>
    </message>
    <message>
        <source>% a week</source>
        <translation>% pro Woche</translation>
    </message>
    <message>
        <source>{percent:g} % a week</source>
        <translation>{percent:g} % pro Woche</translation>
    </message>
    <message>
        <source>plan {plan}</source>
        <translation>Plan {plan}</translation>
    </message>
    <message>
        <source>Growth of the remnant</source>
        <translation>Wachstum des Leberrests</translation>
    </message>
    <message>
        <source>Graft / recipient weight</source>
        <translation>Transplantat / Empfängergewicht</translation>
    </message>
    <message>
        <source>Planned remnant</source>
        <translation>Geplanter Leberrest</translation>
    </message>
    <message>
        <source>Measured FLR</source>
        <translation>Gemessenes FLR</translation>
    </message>
    <message>
        <source>Degree of hypertrophy</source>
        <translation>Hypertrophiegrad</translation>
    </message>
    <message>
        <source>Kinetic growth rate</source>
        <translation>Kinetische Wachstumsrate</translation>
    </message>
    <message>
        <source>Relative growth of the remnant</source>
        <translation>Relatives Wachstum des Leberrests</translation>
    </message>
    <message>
        <source>plan {plan} of {case}</source>
        <translation>Plan {plan} von {case}</translation>
    </message>
    <message>
        <source>two stages</source>
        <translation>zweizeitig</translation>
    </message>
    <message>
        <source>portal branches occluded</source>
        <translation>Pfortaderäste verschlossen</translation>
    </message>
    <message>
        <source>Viable</source>
        <translation>Funktionell</translation>
    </message>
    <message>
        <source>viable remnant, %</source>
        <translation>funktioneller Rest, %</translation>
    </message>
    <message>
        <source>remnant, %</source>
        <translation>Rest, %</translation>
    </message>
    <message>
        <source>Plans in their order</source>
        <translation>Pläne in ihrer Reihenfolge</translation>
    </message>
    <message>
        <source>Limits met with their ± first, then tumours left, then the remnant, then the margin.</source>
        <translation>Zuerst mit ihrem ± erfüllte Grenzen, dann zurückgelassene Tumoren, dann der Leberrest, dann der Resektionsrand.</translation>
    </message>
    <message>
        <source>Narrowest section</source>
        <translation>Engster Querschnitt</translation>
    </message>
    <message>
        <source>Centreline, dropped onto a coronal plane</source>
        <translation>Mittellinie, auf eine koronale Ebene projiziert</translation>
    </message>
    <message>
        <source>Centreline, dropped onto a sagittal plane</source>
        <translation>Mittellinie, auf eine sagittale Ebene projiziert</translation>
    </message>
    <message>
        <source>{view} {place}: removed part hatched</source>
        <translation>{view} {place}: entfernter Teil schraffiert</translation>
    </message>
    <message>
        <source>crossed under {asked:g}, hatched to {twice:g}, plain above</source>
        <translation>gekreuzt unter {asked:g}, schraffiert bis {twice:g}, darüber glatt</translation>
    </message>
    <message>
        <source>Laid straight, first point at the left</source>
        <translation>Gestreckt dargestellt, erster Punkt links</translation>
    </message>
    <message>
        <source>From the front: removed part grey</source>
        <translation>Von vorn: entfernter Teil grau</translation>
    </message>
    <message>
        <source>Cut laid flat, margin in mm</source>
        <translation>Schnitt ausgebreitet, Rand in mm</translation>
    </message>
    <message>
        <source>Valve in a valve: high risk when the virtual valve comes within 4 mm of an ostium or 2 mm of the aortic wall (doi 10.1253/circj.CJ-24-1003), which is measured at the sinotubular junction only.</source>
        <translation>Klappe in Klappe: hohes Risiko, wenn die virtuelle Klappe einem Ostium näher als 4 mm oder der Aortenwand näher als 2 mm kommt (doi 10.1253/circj.CJ-24-1003); Letzteres wird nur am sinutubulären Übergang gemessen.</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Implantat</translation>
    </message>
    <message>
        <source>verify against the IFU</source>
        <translation>mit der Gebrauchsanweisung abgleichen</translation>
    </message>
    <message>
        <source>perimeter</source>
        <translation>Umfang</translation>
    </message>
    <message>
        <source>area</source>
        <translation>Fläche</translation>
    </message>
    <message>
        <source>over it</source>
        <translation>darüber</translation>
    </message>
    <message>
        <source>within ± of it</source>
        <translation>innerhalb ± davon</translation>
    </message>
    <message>
        <source>not over it</source>
        <translation>nicht darüber</translation>
    </message>
    <message>
        <source>Where, source</source>
        <translation>Wo, Quelle</translation>
    </message>
    <message>
        <source>Through the heartbeat</source>
        <translation>Über den Herzschlag</translation>
    </message>
    <message>
        <source>Virtual device coaxial with the mitral annulus; section perpendicular to the outflow tract.</source>
        <translation>Virtuelles Implantat koaxial zum Mitralanulus; Querschnitt senkrecht zum Ausflusstrakt.</translation>
    </message>
    <message>
        <source>Mitral valve: neo-LVOT</source>
        <translation>Mitralklappe: Neo-LVOT</translation>
    </message>
    <message>
        <source>Prosthesis in place</source>
        <translation>Vorhandene Prothese</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Severe stenosis likely, {sex}</source>
        <translation>Hochgradige Stenose wahrscheinlich, {sex}</translation>
    </message>
    <message>
        <source>from {limit}</source>
        <translation>ab {limit}</translation>
    </message>
    <message>
        <source>at {place}</source>
        <translation>bei {place}</translation>
    </message>
    <message>
        <source>{percent} % of it is left</source>
        <translation>{percent} % davon bleiben</translation>
    </message>
    <message>
        <source>mean diameter {diameter}</source>
        <translation>mittlerer Durchmesser {diameter}</translation>
    </message>
    <message>
        <source>Limit {area}</source>
        <translation>Grenze {area}</translation>
    </message>
    <message>
        <source>Phase {number}</source>
        <translation>Phase {number}</translation>
    </message>
    <message>
        <source>Told of one phase: end-systole alone overestimates the risk.</source>
        <translation>Nur aus einer Phase: Endsystole allein überschätzt das Risiko.</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>passt</translation>
    </message>
    <message>
        <source>True inner diameter {inner}, as stated by a person; its perimeter {around}.</source>
        <translation>Wahrer Innendurchmesser {inner}, von einer Person angegeben; sein Umfang {around}.</translation>
    </message>
    <message>
        <source>{count} islands within {reach}</source>
        <translation>{count} Inseln innerhalb von {reach}</translation>
    </message>
    <message>
        <source>Area times weight of islands of 1 mm² or more over 130 HU in slices of 3 mm.</source>
        <translation>Fläche mal Gewicht der Inseln ab 1 mm² über 130 HU in Schichten von 3 mm.</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>least area that the virtual mitral valve leaves of the outflow tract</source>
        <translation>kleinste Fläche, die die virtuelle Mitralklappe vom Ausflusstrakt übrig lässt</translation>
    </message>
    <message>
        <source>Inner diameter</source>
        <translation>Innendurchmesser</translation>
    </message>
    <message>
        <source>of the prosthesis in place</source>
        <translation>der vorhandenen Prothese</translation>
    </message>
    <message>
        <source>stated</source>
        <translation>angegeben</translation>
    </message>
    <message>
        <source>area × weight over 130 HU, 3 mm slices, no contrast</source>
        <translation>Fläche × Gewicht über 130 HU, 3-mm-Schichten, ohne Kontrastmittel</translation>
    </message>
    <message>
        <source>mitral</source>
        <translation>Mitralklappe</translation>
    </message>
    <message>
        <source>{model}, {size} in an annulus of {count} points</source>
        <translation>{model}, {size} in einem Anulus aus {count} Punkten</translation>
    </message>
    <message>
        <source>prosthesis</source>
        <translation>Prothese</translation>
    </message>
    <message>
        <source>true inner diameter {diameter}</source>
        <translation>wahrer Innendurchmesser {diameter}</translation>
    </message>
    <message>
        <source>scored in {image} round {place}</source>
        <translation>bewertet in {image} um {place}</translation>
    </message>
    <message>
        <source>hinge points</source>
        <translation>Hinge-Punkte</translation>
    </message>
    <message>
        <source>edge</source>
        <translation>Rand</translation>
    </message>
    <message>
        <source>spacing</source>
        <translation>Auflösung</translation>
    </message>
    <message>
        <source>lumen {value}</source>
        <translation>Lumen {value}</translation>
    </message>
    <message>
        <source>Heart team</source>
        <translation>Heart-Team</translation>
    </message>
    <message>
        <source>Agreed valve and size</source>
        <translation>Vereinbarte Klappe und Größe</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>Projektionen</translation>
    </message>
    <message>
        <source>What the ± is made of: annulus area</source>
        <translation>Woraus das ± besteht: Anulusfläche</translation>
    </message>
    <message>
        <source>e edge, h hinges, s spacing, r readers</source>
        <translation>e Rand, h Hinge, s Auflösung, r Untersucher</translation>
    </message>
    <message>
        <source>e edge, h hinges, s spacing</source>
        <translation>e Rand, h Hinge-Punkte, s Auflösung</translation>
    </message>
    <message>
        <source>perimeter {length}</source>
        <translation>Umfang {length}</translation>
    </message>
    <message numerus="yes">
        <source>%n size(s)</source>
        <translation>
            <numerusform>%n Größe</numerusform>
            <numerusform>%n Größen</numerusform>
        </translation>
    </message>
    <message>
        <source>{count} borderline</source>
        <translation>{count} grenzwertig</translation>
    </message>
    <message>
        <source>depth {depth}</source>
        <translation>Tiefe {depth}</translation>
    </message>
    <message>
        <source>{name}: least {width}</source>
        <translation>{name}: kleinster {width}</translation>
    </message>
    <message numerus="yes">
        <source>%n vessel plan(s)</source>
        <translation>
            <numerusform>%n Gefäßplan</numerusform>
            <numerusform>%n Gefäßpläne</numerusform>
        </translation>
    </message>
    <message>
        <source>three-cusp view {angles}</source>
        <translation>Drei-Taschen-Projektion {angles}</translation>
    </message>
    <message>
        <source>closed at {place} mm</source>
        <translation>verschlossen bei {place} mm</translation>
    </message>
    <message>
        <source>least {width}</source>
        <translation>kleinster {width}</translation>
    </message>
    <message>
        <source>ratio {ratio}</source>
        <translation>Verh. {ratio}</translation>
    </message>
    <message>
        <source>If the other one is right, the area is {area}.</source>
        <translation>Gilt die andere, beträgt die Fläche {area}.</translation>
    </message>
    <message>
        <source>Left coronary</source>
        <translation>Linke Koronararterie</translation>
    </message>
    <message>
        <source>Right coronary</source>
        <translation>Rechte Koronararterie</translation>
    </message>
    <message>
        <source>The range of {valve} is not checked. Verify against the IFU.</source>
        <translation>Der Bereich von {valve} ist nicht geprüft. Mit der Gebrauchsanweisung abgleichen.</translation>
    </message>
    <message>
        <source>Outer diameter {outer} and least vessel {least} are not checked. Verify against the IFU.</source>
        <translation>Außendurchmesser {outer} und Mindestgefäß {least} sind nicht geprüft. Mit der Gebrauchsanweisung abgleichen.</translation>
    </message>
    <message>
        <source>found automatically, confidence {percent} %</source>
        <translation>automatisch gefunden, Sicherheit {percent} %</translation>
    </message>
    <message>
        <source>valves {date}</source>
        <translation>Klappen {date}</translation>
    </message>
    <message>
        <source>Hinge points were given by a person.</source>
        <translation>Die Hinge-Punkte wurden von einer Person gesetzt.</translation>
    </message>
    <message>
        <source>Not all hinge points were placed by a person.</source>
        <translation>Nicht alle Hinge-Punkte wurden von einer Person gesetzt.</translation>
    </message>
    <message>
        <source>Their placement is the largest part of the ±.</source>
        <translation>Ihre Lage macht den größten Teil des ± aus.</translation>
    </message>
    <message>
        <source>not proposed</source>
        <translation>nicht vorgeschlagen</translation>
    </message>
    <message>
        <source>the scan is not good enough</source>
        <translation>der Scan ist nicht gut genug</translation>
    </message>
    <message>
        <source>none fits</source>
        <translation>keine passt</translation>
    </message>
    <message>
        <source>no size of the catalogue fits this annulus</source>
        <translation>keine Größe des Katalogs passt zu diesem Anulus</translation>
    </message>
    <message>
        <source>Valve, proposed</source>
        <translation>Klappe, vorgeschlagen</translation>
    </message>
    <message>
        <source>not in this scan</source>
        <translation>nicht in diesem Scan</translation>
    </message>
    <message>
        <source>every route was excluded</source>
        <translation>jeder Weg wurde ausgeschlossen</translation>
    </message>
    <message>
        <source>none is wide enough</source>
        <translation>keiner ist weit genug</translation>
    </message>
    <message>
        <source>Scan quality</source>
        <translation>Scanqualität</translation>
    </message>
    <message>
        <source>Both coronaries</source>
        <translation>Beide Koronararterien</translation>
    </message>
    <message>
        <source>Valve data</source>
        <translation>Klappendaten</translation>
    </message>
    <message>
        <source>Sheath data</source>
        <translation>Schleusendaten</translation>
    </message>
    <message>
        <source>Not in it: differences between readers (3 to 4 % of the area in publications), other phases, motion.</source>
        <translation>Nicht enthalten: Unterschiede zwischen Untersuchern (3 bis 4 % der Fläche in Veröffentlichungen), andere Phasen, Bewegung.</translation>
    </message>
    <message>
        <source>Not in it: expert readers differ by {apart} (3 %), other phases, motion. Sizes are held against ± {with_readers}, readers included.</source>
        <translation>Nicht enthalten: Erfahrene Untersucher weichen um {apart} ab (3 %), andere Phasen, Bewegung. Größen werden gegen ± {with_readers} gehalten, Untersucher eingeschlossen.</translation>
    </message>
    <message>
        <source>The second estimate agrees.</source>
        <translation>Die zweite Schätzung stimmt überein.</translation>
    </message>
    <message>
        <source>Not made: a person gave the hinge points.</source>
        <translation>Nicht gemacht: Eine Person setzte die Hinge-Punkte.</translation>
    </message>
    <message>
        <source>Not made in this plan.</source>
        <translation>In diesem Plan nicht gemacht.</translation>
    </message>
    <message>
        <source>Catalogue</source>
        <translation>Katalog</translation>
    </message>
    <message>
        <source>Valve and sheath rows that are not checked come from general knowledge. Verify them against the maker’s instructions.</source>
        <translation>Klappen- und Schleusenzeilen, die nicht geprüft sind, stammen aus allgemeinem Wissen. Mit den Angaben des Herstellers abgleichen.</translation>
    </message>
    <message>
        <source>Oversizing and coronary rules were published for groups of patients; they do not decide for one.</source>
        <translation>Regeln zu Oversizing und Koronarien wurden für Patientengruppen veröffentlicht; sie entscheiden nicht im Einzelfall.</translation>
    </message>
    <message>
        <source>The scan shows one phase. Diastole reads about 24 mm² less than systole (51 patients, PMC5590871).</source>
        <translation>Der Scan zeigt eine Phase. In der Diastole wird etwa 24 mm² weniger gemessen als in der Systole (51 Patienten, PMC5590871).</translation>
    </message>
    <message>
        <source>where the hinge plane meets the blood edge</source>
        <translation>wo die Hinge-Ebene den Blutrand trifft</translation>
    </message>
    <message>
        <source>length of the smooth curve, never of voxels</source>
        <translation>Länge der glatten Kurve, nie der Voxel</translation>
    </message>
    <message>
        <source>same curve</source>
        <translation>dieselbe Kurve</translation>
    </message>
    <message>
        <source>Longest, shortest</source>
        <translation>Längster, kürzester</translation>
    </message>
    <message>
        <source>greatest and least caliper width, steps 0.5°</source>
        <translation>größte und kleinste Weite, Schritte 0,5°</translation>
    </message>
    <message>
        <source>same curve, pict. 1</source>
        <translation>dieselbe Kurve, Bild 1</translation>
    </message>
    <message>
        <source>from the area</source>
        <translation>aus der Fläche</translation>
    </message>
    <message>
        <source>from the perimeter</source>
        <translation>aus dem Umfang</translation>
    </message>
    <message>
        <source>1 − shortest / longest</source>
        <translation>1 − kürzester / längster</translation>
    </message>
    <message>
        <source>from the diameters</source>
        <translation>aus den Durchmessern</translation>
    </message>
    <message>
        <source>parallel plane {depth} below</source>
        <translation>parallele Ebene {depth} unterhalb</translation>
    </message>
    <message>
        <source>Sinus N, R, L</source>
        <translation>Sinus N, R, L</translation>
    </message>
    <message>
        <source>widest plane, sinus to opposite commissure</source>
        <translation>weiteste Ebene, Sinus zur gegenüberliegenden Kommissur</translation>
    </message>
    <message>
        <source>least area between sinuses and tube</source>
        <translation>kleinste Fläche zwischen Sinus und Röhre</translation>
    </message>
    <message>
        <source>across its centreline, 40 mm along it</source>
        <translation>quer zur Mittellinie, 40 mm entlang ihr</translation>
    </message>
    <message>
        <source>lowest rim of the ostium to the plane, along n</source>
        <translation>tiefster Rand des Ostiums zur Ebene, entlang n</translation>
    </message>
    <message>
        <source>the same</source>
        <translation>ebenso</translation>
    </message>
    <message>
        <source>Septum length</source>
        <translation>Septumlänge</translation>
    </message>
    <message>
        <source>plane to the muscular crest, R–N commissure</source>
        <translation>Ebene bis zum muskulären Kamm, R–N-Kommissur</translation>
    </message>
    <message>
        <source>Angulation</source>
        <translation>Angulation</translation>
    </message>
    <message>
        <source>coronal: atan2(|nx|, |nz|)</source>
        <translation>koronal: atan2(|nx|, |nz|)</translation>
    </message>
    <message>
        <source>annulus edge on</source>
        <translation>Anulus von der Kante</translation>
    </message>
    <message>
        <source>detector over the right cusp</source>
        <translation>Detektor über der rechten Tasche</translation>
    </message>
    <message>
        <source>along the line of left and right hinge</source>
        <translation>entlang linkem und rechtem Hinge-Punkt</translation>
    </message>
    <message>
        <source>Oversizing</source>
        <translation>Oversizing</translation>
    </message>
    <message>
        <source>{place}, pict. 1</source>
        <translation>{place}, Bild 1</translation>
    </message>
    <message>
        <source>{height} mm above</source>
        <translation>{height} mm oberhalb</translation>
    </message>
    <message>
        <source>automatic {value}</source>
        <translation>automatisch {value}</translation>
    </message>
    <message>
        <source>catalogue row {valve}</source>
        <translation>Katalogzeile {valve}</translation>
    </message>
    <message>
        <source>Implantation depth</source>
        <translation>Implantationstiefe</translation>
    </message>
    <message>
        <source>annulus plane to the frame&apos;s inflow, along n</source>
        <translation>Anulusebene bis Einfluss des Gerüsts, entlang n</translation>
    </message>
    <message>
        <source>chosen by hand</source>
        <translation>von Hand gewählt</translation>
    </message>
    <message>
        <source>catalogue&apos;s advice</source>
        <translation>Empfehlung des Katalogs</translation>
    </message>
    <message>
        <source>valve cylinder to the STJ wall, least</source>
        <translation>Klappenzylinder zur STJ-Wand, kleinster</translation>
    </message>
    <message>
        <source>all round the STJ</source>
        <translation>rund um den STJ</translation>
    </message>
    <message>
        <source>Septum − depth</source>
        <translation>Septum − Tiefe</translation>
    </message>
    <message>
        <source>membranous septum less depth</source>
        <translation>membranöses Septum minus Tiefe</translation>
    </message>
    <message>
        <source>R–N commissure</source>
        <translation>R–N-Kommissur</translation>
    </message>
    <message>
        <source>Calcium contact</source>
        <translation>Kalkkontakt</translation>
    </message>
    <message>
        <source>calcium that the frame reaches</source>
        <translation>Kalk, den das Gerüst erreicht</translation>
    </message>
    <message>
        <source>along the frame</source>
        <translation>entlang des Gerüsts</translation>
    </message>
    <message>
        <source>valve cylinder to the ostium plane</source>
        <translation>Klappenzylinder zur Ebene des Ostiums</translation>
    </message>
    <message>
        <source>VTC left, right</source>
        <translation>VTC links, rechts</translation>
    </message>
    <message>
        <source>at the ostia, pict. 2</source>
        <translation>an den Ostien, Bild 2</translation>
    </message>
    <message>
        <source>volume above {threshold}, by cusp between commissures</source>
        <translation>Volumen über {threshold}, je Tasche zwischen den Kommissuren</translation>
    </message>
    <message>
        <source>−10 mm to the STJ</source>
        <translation>−10 mm bis STJ</translation>
    </message>
    <message>
        <source>sheath row {sheath}</source>
        <translation>Schleusenzeile {sheath}</translation>
    </message>
    <message>
        <source>moved {distance} mm</source>
        <translation>um {distance} mm verschoben</translation>
    </message>
    <message>
        <source>annulus</source>
        <translation>Anulus</translation>
    </message>
    <message numerus="yes">
        <source>contour pulled at %n place(s)</source>
        <translation>
            <numerusform>Kontur an %n Stelle gezogen</numerusform>
            <numerusform>Kontur an %n Stellen gezogen</numerusform>
        </translation>
    </message>
    <message>
        <source>septum</source>
        <translation>Septum</translation>
    </message>
    <message>
        <source>calcium</source>
        <translation>Kalk</translation>
    </message>
    <message>
        <source>threshold set to {value}</source>
        <translation>Schwelle auf {value} gesetzt</translation>
    </message>
    <message>
        <source>{valve}, depth {depth}, turned {angle}</source>
        <translation>{valve}, Tiefe {depth}, gedreht {angle}</translation>
    </message>
    <message>
        <source>valve</source>
        <translation>Klappe</translation>
    </message>
    <message>
        <source>sheath</source>
        <translation>Schleuse</translation>
    </message>
    <message>
        <source>agrees</source>
        <translation>stimmt überein</translation>
    </message>
    <message>
        <source>look</source>
        <translation>ansehen</translation>
    </message>
    <message>
        <source>least caliper width, running median of 3 stations</source>
        <translation>kleinste Schieblehrenweite, gleitender Median aus 3 Stationen</translation>
    </message>
    <message>
        <source>Sheath ratio</source>
        <translation>Schleusenverhältnis</translation>
    </message>
    <message>
        <source>sheath outer diameter / least diameter</source>
        <translation>Außendurchmesser der Schleuse / kleinster Durchmesser</translation>
    </message>
    <message>
        <source>length / chord</source>
        <translation>Länge / Sehne</translation>
    </message>
    <message>
        <source>Hinge {letter}</source>
        <translation>Hinge-Punkt {letter}</translation>
    </message>
    <message>
        <source>lowest point of the cusp</source>
        <translation>tiefster Punkt der Tasche</translation>
    </message>
    <message>
        <source>height {before} to {now}</source>
        <translation>Höhe {before} zu {now}</translation>
    </message>
    <message>
        <source>placed by hand</source>
        <translation>von Hand gesetzt</translation>
    </message>
    <message>
        <source>Second estimate, shown because it disagrees</source>
        <translation>Zweite Schätzung, gezeigt, weil sie abweicht</translation>
    </message>
    <message>
        <source>Hinges by crown fit (used)</source>
        <translation>Hinge-Punkte aus Kronenanpassung (verwendet)</translation>
    </message>
    <message>
        <source>Level by least area</source>
        <translation>Höhe der kleinsten Fläche</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Grenze</translation>
    </message>
    <message>
        <source>Annulus plane, seen from above</source>
        <translation>Anulusebene, von oben gesehen</translation>
    </message>
    <message>
        <source>Long axis: heights over the annulus, mm</source>
        <translation>Lange Achse: Höhen über dem Anulus, mm</translation>
    </message>
    <message>
        <source>Long axis: depth, VTC, VTSTJ, mm</source>
        <translation>Lange Achse: Tiefe, VTC, VTSTJ, mm</translation>
    </message>
    <message>
        <source>depth {depth:.1f}</source>
        <translation>Tiefe {depth:.1f}</translation>
    </message>
    <message>
        <source>Sinotubular junction, {height} mm above</source>
        <translation>Sinutubulärer Übergang, {height} mm oberhalb</translation>
    </message>
    <message>
        <source>Calcium above {threshold} HU, slab −{low} to {high} mm</source>
        <translation>Kalk über {threshold} HU, Schichtpaket −{low} bis {high} mm</translation>
    </message>
    <message>
        <source>{view}, {angles}, simulated from the CT</source>
        <translation type="vanished">{view}, {angles}, aus der CT simuliert</translation>
    </message>
    <message>
        <source>Valve in the root</source>
        <translation>Klappe in der Wurzel</translation>
    </message>
    <message>
        <source>Sinuses, {height} mm above</source>
        <translation>Sinus, {height} mm oberhalb</translation>
    </message>
    <message>
        <source>Ø from A, from P</source>
        <translation>Ø aus A, aus P</translation>
    </message>
    <message>
        <source>STJ diameter, height</source>
        <translation>STJ Ø, Höhe</translation>
    </message>
    <message>
        <source>Left coronary height</source>
        <translation>Koronarabstand links</translation>
    </message>
    <message>
        <source>Right coronary height</source>
        <translation>Koronarabstand rechts</translation>
    </message>
    <message>
        <source>Aortic angulation</source>
        <translation>Aortenangulation</translation>
    </message>
    <message>
        <source>Calcium N, R, L</source>
        <translation>Kalk N, R, L</translation>
    </message>
    <message>
        <source>Calcium LVOT</source>
        <translation>Kalk LVOT</translation>
    </message>
    <message>
        <source>± 95 % half-width. A automatic, E edited, G given.</source>
        <translation>± halbe 95-%-Breite. A automatisch, E bearbeitet, G vorgegeben.</translation>
    </message>
    <message>
        <source>relative to the lumen</source>
        <translation>relativ zum Lumen</translation>
    </message>
    <message>
        <source>S-curve: views with the annulus edge on</source>
        <translation>S-Kurve: Anulus von der Kante</translation>
    </message>
    <message>
        <source>Nominal</source>
        <translation>Nominal</translation>
    </message>
    <message>
        <source>No catalogue row applies.</source>
        <translation>Keine Katalogzeile trifft zu.</translation>
    </message>
    <message>
        <source>between sizes</source>
        <translation>zwischen Größen</translation>
    </message>
    <message>
        <source>Drawn is the most probable size; none was chosen.</source>
        <translation>Gezeichnet ist die wahrscheinlichste Größe; keine wurde gewählt.</translation>
    </message>
    <message>
        <source>LVOT area at −{depth}</source>
        <translation>LVOT-Fläche bei −{depth}</translation>
    </message>
    <message>
        <source>Calcium above {threshold} ({method}).</source>
        <translation>Kalk über {threshold} ({method}).</translation>
    </message>
    <message>
        <source>fixed</source>
        <comment>a threshold</comment>
        <translation>fest</translation>
    </message>
    <message>
        <source>lumen + 100</source>
        <translation>Lumen + 100</translation>
    </message>
    <message>
        <source>lumen × 1.25</source>
        <translation>Lumen × 1,25</translation>
    </message>
    <message>
        <source>lumen + 4 noise</source>
        <translation>Lumen + 4 Rauschen</translation>
    </message>
    <message>
        <source>No size is proposed.</source>
        <translation>Es wird keine Größe vorgeschlagen.</translation>
    </message>
    <message>
        <source>{percent} % under</source>
        <translation>{percent} % darunter</translation>
    </message>
    <message>
        <source>{percent} % over</source>
        <translation>{percent} % darüber</translation>
    </message>
    <message>
        <source>chosen</source>
        <comment>a valve</comment>
        <translation>gewählt</translation>
    </message>
    <message>
        <source>drawn</source>
        <comment>a valve</comment>
        <translation>gezeichnet</translation>
    </message>
    <message>
        <source>{result}, {number} {value} under {limit}</source>
        <translation>{result}, {number} {value} unter {limit}</translation>
    </message>
    <message>
        <source>Catalogue of {date}.</source>
        <translation>Katalog von {date}.</translation>
    </message>
    <message>
        <source>Nominal sizes and ranges with * are not checked, verify against the IFU.</source>
        <translation>Nominalgrößen und Bereiche mit * sind nicht geprüft, mit der Gebrauchsanweisung abgleichen.</translation>
    </message>
    <message>
        <source>Nominal sizes are not checked, verify against the IFU.</source>
        <translation>Nominalgrößen sind nicht geprüft, mit der Gebrauchsanweisung abgleichen.</translation>
    </message>
    <message>
        <source>± and probability are between readers: area ± {area}.</source>
        <translation>± und Wahrscheinlichkeit gelten zwischen Untersuchern: Fläche ± {area}.</translation>
    </message>
    <message>
        <source>Not in this scan.</source>
        <translation>Nicht in diesem Scan.</translation>
    </message>
    <message>
        <source>{side} closed at {place:.0f} mm</source>
        <translation>{side} verschlossen bei {place:.0f} mm</translation>
    </message>
    <message>
        <source>Least diameter along the routes</source>
        <translation>Kleinster Durchmesser entlang der Wege</translation>
    </message>
    <message>
        <source>mm from the fork</source>
        <translation>mm ab der Bifurkation</translation>
    </message>
    <message>
        <source>mm along the route</source>
        <translation>mm entlang des Wegs</translation>
    </message>
    <message>
        <source>least diameter, mm</source>
        <translation>kleinster Durchmesser, mm</translation>
    </message>
    <message>
        <source>least vessel {wanted:.1f} mm</source>
        <translation>Mindestgefäß {wanted:.1f} mm</translation>
    </message>
    <message>
        <source>Sheath ratio, outer {width:.1f}</source>
        <translation>Schleusenverhältnis, außen {width:.1f}</translation>
    </message>
    <message>
        <source>closed at {place:.0f}</source>
        <translation>verschlossen bei {place:.0f}</translation>
    </message>
    <message>
        <source>Least diameter, mm</source>
        <translation>Kleinster Durchmesser, mm</translation>
    </message>
    <message>
        <source>Against least vessel</source>
        <translation>Gegen Mindestgefäß</translation>
    </message>
    <message>
        <source>Limits published</source>
        <translation>Veröffentlichte Grenzen</translation>
    </message>
    <message>
        <source>Length, mm</source>
        <translation>Länge, mm</translation>
    </message>
    <message>
        <source>Calcium arc there</source>
        <translation>Kalkbogen dort</translation>
    </message>
    <message>
        <source>Found at</source>
        <translation>Gefunden bei</translation>
    </message>
    <message>
        <source>Drawing: {view}</source>
        <translation>Zeichnen: {view}</translation>
    </message>
    <message>
        <source>Drawing the page for the screen</source>
        <translation>Seite für den Bildschirm zeichnen</translation>
    </message>
    <message>
        <source>Liver plan for the operating room</source>
        <translation>Leberplan für den Operationssaal</translation>
    </message>
    <message>
        <source>met, but not with its ±</source>
        <translation>erfüllt, aber nicht mit dem ±</translation>
    </message>
    <message>
        <source>{limit:g} mm asked: {result}</source>
        <translation>{limit:g} mm gefordert: {result}</translation>
    </message>
    <message>
        <source>{tumors} stays in the liver</source>
        <translation>{tumors} bleibt in der Leber</translation>
    </message>
    <message>
        <source>{tumors} stay in the liver</source>
        <translation>{tumors} bleiben in der Leber</translation>
    </message>
    <message>
        <source>{share} of the organ</source>
        <translation>{share} des Organs</translation>
    </message>
    <message>
        <source>under {limit:g} mm</source>
        <translation>unter {limit:g} mm</translation>
    </message>
    <message>
        <source>{low:g} to {high:g}</source>
        <translation>{low:g} bis {high:g}</translation>
    </message>
    <message>
        <source>over {limit:g}</source>
        <translation>über {limit:g}</translation>
    </message>
    <message>
        <source>wide</source>
        <translation>weit</translation>
    </message>
    <message>
        <source>deep</source>
        <translation>tief</translation>
    </message>
    <message>
        <source>Parallel view, true to scale</source>
        <translation>Parallelprojektion, maßstabsgetreu</translation>
    </message>
    <message>
        <source>no tumour near the cut</source>
        <translation>kein Tumor nahe dem Schnitt</translation>
    </message>
    <message>
        <source>Least margin, T{id}</source>
        <translation>Kleinster Resektionsrand, T{id}</translation>
    </message>
    <message>
        <source>Vessels divided</source>
        <translation>Durchtrennte Gefäße</translation>
    </message>
    <message>
        <source>Numbered from the capsule inwards · every number must be checked by a physician</source>
        <translation>Nummeriert von der Kapsel nach innen · jede Zahl ist ärztlich zu prüfen</translation>
    </message>
    <message>
        <source>Meshing</source>
        <translation>Oberflächen bilden</translation>
    </message>
    <message>
        <source>As the surgeon sees it; what is removed is grey.</source>
        <translation>Wie der Operateur sie sieht; Entferntes ist grau.</translation>
    </message>
    <message>
        <source>From below, liver turned up</source>
        <translation>Von unten, Leber hochgeschlagen</translation>
    </message>
    <message>
        <source>Under side and hilum.</source>
        <translation>Unterseite und Hilus.</translation>
    </message>
    <message>
        <source>Vessels that are divided</source>
        <translation>Gefäße, die durchtrennt werden</translation>
    </message>
    <message>
        <source>Numbered from the capsule inwards.</source>
        <translation>Nummeriert von der Kapsel nach innen.</translation>
    </message>
    <message>
        <source>Parts moved apart</source>
        <translation>Teile auseinandergerückt</translation>
    </message>
    <message>
        <source>By {distance:.0f} mm, to look into the cut: not their true places.</source>
        <translation>Um {distance:.0f} mm, um in den Schnitt zu sehen: nicht ihre wahren Orte.</translation>
    </message>
    <message>
        <source>least margin {distance}</source>
        <translation>kleinster Resektionsrand {distance}</translation>
    </message>
    <message>
        <source>Onto the cut</source>
        <translation>Auf den Schnitt</translation>
    </message>
    <message>
        <source>Onto cut {number} of {count}</source>
        <translation>Auf Schnitt {number} von {count}</translation>
    </message>
    <message>
        <source>What stays, seen from the side that goes.</source>
        <translation>Was bleibt, von der entfernten Seite gesehen.</translation>
    </message>
    <message>
        <source>To T{number} by the shortest way</source>
        <translation>Zu T{number} auf dem kürzesten Weg</translation>
    </message>
    <message>
        <source>T{number} lies {depth:.1f} mm below the capsule here.</source>
        <translation>T{number} liegt hier {depth:.1f} mm unter der Kapsel.</translation>
    </message>
    <message>
        <source>{depth:.1f} mm deep</source>
        <translation>{depth:.1f} mm tief</translation>
    </message>
    <message>
        <source>e both edges, s scatter, p place along the vessel</source>
        <translation>e beide Ränder, s Streuung, p Ort entlang des Gefäßes</translation>
    </message>
    <message>
        <source>Neck at {at:.0f} mm</source>
        <translation>Hals bei {at:.0f} mm</translation>
    </message>
    <message>
        <source>Lumen, inner to inner: thrombus and wall are not measured.</source>
        <translation>Lumen, innen zu innen: Thrombus und Wand werden nicht gemessen.</translation>
    </message>
    <message>
        <source>Growth since “{since}”</source>
        <translation>Wachstum seit „{since}“</translation>
    </message>
    <message>
        <source>Landing zone</source>
        <translation>Landezone</translation>
    </message>
    <message>
        <source>Neck and landing zones</source>
        <translation>Hals und Landezonen</translation>
    </message>
    <message>
        <source>lowest renal artery to where the mean diameter stays 10 % above that at the artery</source>
        <translation>tiefste Nierenarterie bis dorthin, wo der mittlere Durchmesser 10 % über dem an der Arterie bleibt</translation>
    </message>
    <message>
        <source>Neck diameters</source>
        <translation>Halsdurchmesser</translation>
    </message>
    <message>
        <source>mean of least and greatest width 0, 5, 10 and 15 mm below the lowest renal artery, lumen</source>
        <translation>Mittel aus kleinster und größter Weite 0, 5, 10 und 15 mm unter der tiefsten Nierenarterie, Lumen</translation>
    </message>
    <message>
        <source>Neck angles</source>
        <translation>Halswinkel</translation>
    </message>
    <message>
        <source>between the axes of the aorta 25 mm above, of the neck, and of the sac’s first 45 mm</source>
        <translation>zwischen den Achsen der Aorta 25 mm oberhalb, des Halses und der ersten 45 mm des Sacks</translation>
    </message>
    <message>
        <source>greatest width of a section below the lowest renal artery, lumen</source>
        <translation>größte Weite eines Querschnitts unter der tiefsten Nierenarterie, Lumen</translation>
    </message>
    <message>
        <source>mean diameter of the last 15 mm of the common iliac artery before the internal iliac artery</source>
        <translation>mittlerer Durchmesser der letzten 15 mm der A. iliaca communis vor der A. iliaca interna</translation>
    </message>
    <message>
        <source>difference of the area diameters at one place of the vessel in both studies</source>
        <translation>Unterschied der flächenabgeleiteten Durchmesser am selben Ort des Gefäßes in beiden Studien</translation>
    </message>
    <message>
        <source>Lowest renal artery</source>
        <translation>Tiefste Nierenarterie</translation>
    </message>
    <message>
        <source>Greatest section</source>
        <translation>Größter Querschnitt</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Right landing</source>
        <translation>Landezone rechts</translation>
    </message>
    <message>
        <source>Left landing</source>
        <translation>Landezone links</translation>
    </message>
    <message>
        <source>It lies within the uncertainty: {words}.</source>
        <translation>Es liegt innerhalb der Unsicherheit: {words}.</translation>
    </message>
    <message>
        <source>lumen, {place} along</source>
        <translation>Lumen, bei {place}</translation>
    </message>
    <message>
        <source>{width} wide at the renal artery</source>
        <translation>{width} weit an der Nierenarterie</translation>
    </message>
    <message>
        <source>suprarenal {angle}</source>
        <translation>suprarenal {angle}</translation>
    </message>
    <message>
        <source>branch {number}</source>
        <translation>Ast {number}</translation>
    </message>
    <message>
        <source>{branch} added by a click</source>
        <translation>{branch} durch Klick hinzugefügt</translation>
    </message>
    <message>
        <source>named {name}</source>
        <translation>{name} genannt</translation>
    </message>
    <message>
        <source>{branch} removed</source>
        <translation>{branch} entfernt</translation>
    </message>
    <message>
        <source>within</source>
        <comment>a limit</comment>
        <translation>eingehalten</translation>
    </message>
    <message>
        <source>outside</source>
        <comment>a limit</comment>
        <translation>außerhalb</translation>
    </message>
    <message>
        <source>Right and left</source>
        <translation>Rechts und links</translation>
    </message>
    <message>
        <source>{greatest}, least {least}</source>
        <translation>{greatest}, kleinster {least}</translation>
    </message>
    <message>
        <source>10–20 % over the widest of the neck: {low:.1f}–{high:.1f} mm. Calcium about the neck up to {angle}.</source>
        <translation>10–20 % über der größten Halsweite: {low:.1f}–{high:.1f} mm. Kalk um den Hals bis {angle}.</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>Seite</translation>
    </message>
    <message>
        <source>Common iliac</source>
        <translation>A. iliaca communis</translation>
    </message>
    <message>
        <source>Landing zones</source>
        <translation>Landezonen</translation>
    </message>
    <message>
        <source>Verify against the instructions for use.</source>
        <translation>Mit der Gebrauchsanweisung abgleichen.</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Grenzen</translation>
    </message>
    <message>
        <source>Usual</source>
        <translation>Üblich</translation>
    </message>
    <message>
        <source>Extended</source>
        <translation>Erweitert</translation>
    </message>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>before</source>
        <comment>at the earlier study</comment>
        <translation>früher</translation>
    </message>
    <message>
        <source>Diameter of the same area, mm</source>
        <translation>Flächenabgeleiteter Durchmesser, mm</translation>
    </message>
    <message>
        <source>mm from the first point</source>
        <translation>mm ab dem ersten Punkt</translation>
    </message>
    <message>
        <source>within ±</source>
        <translation>innerhalb ±</translation>
    </message>
    <message>
        <source>Length {before:.1f} → {after:.1f} mm.</source>
        <translation>Länge {before:.1f} → {after:.1f} mm.</translation>
    </message>
    <message>
        <source>{years:.2f} years lie between the studies.</source>
        <translation>Zwischen den Studien liegen {years:.2f} Jahre.</translation>
    </message>
    <message>
        <source>Within ±: {words}.</source>
        <translation>Innerhalb ±: {words}.</translation>
    </message>
    <message>
        <source>Told</source>
        <translation>Aussage</translation>
    </message>
    <message>
        <source>about {width}</source>
        <translation>etwa {width}</translation>
    </message>
    <message>
        <source>the vessel</source>
        <translation>dem Gefäß</translation>
    </message>
    <message>
        <source>Leaves</source>
        <translation>Abgang aus</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Gefunden</translation>
    </message>
    <message>
        <source>Fork, patient mm</source>
        <translation>Abgang, Patienten-mm</translation>
    </message>
    <message>
        <source>“About” is a half-level estimate of a branch whose sections were not measured.</source>
        <translation>„Etwa“ ist eine Halbpegel-Schätzung eines Asts, dessen Querschnitte nicht gemessen wurden.</translation>
    </message>
    <message>
        <source>No branch was found.</source>
        <translation>Kein Ast wurde gefunden.</translation>
    </message>
    <message>
        <source>Vessel plan “{name}”</source>
        <translation>Gefäßplan „{name}“</translation>
    </message>
    <message>
        <source>Chord</source>
        <translation>Sehne</translation>
    </message>
    <message>
        <source>Ø from area there</source>
        <translation>Ø aus der Fläche dort</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Querschnitte</translation>
    </message>
    <message>
        <source>Left out, not closed</source>
        <translation>Ausgelassen, nicht geschlossen</translation>
    </message>
    <message>
        <source>± is not estimated for vessel sections in this version.</source>
        <translation type="vanished">± wird für Gefäßquerschnitte in dieser Version nicht geschätzt.</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Bemerkungen</translation>
    </message>
    <message>
        <source>arc length of the smoothed centreline of section centroids</source>
        <translation>Bogenlänge der geglätteten Mittellinie der Querschnittsschwerpunkte</translation>
    </message>
    <message>
        <source>least caliper width, running median of three stations</source>
        <translation>kleinste Schieblehrenweite, gleitender Median aus drei Stationen</translation>
    </message>
    <message>
        <source>a section whose lumen is one closed curve; others carry no number</source>
        <translation>ein Querschnitt, dessen Lumen eine geschlossene Kurve ist; andere tragen keine Zahl</translation>
    </message>
    <message>
        <source>± was not estimated: the section was given as a surface, or measured by an earlier version.</source>
        <translation>± wurde nicht geschätzt: Der Schnitt wurde als Oberfläche gegeben oder von einer früheren Version gemessen.</translation>
    </message>
    <message>
        <source>± is half of the 95 % interval of where the image’s edge lies; movement and contrast are not in it.</source>
        <translation type="vanished">± ist die Hälfte des 95-%-Intervalls der Kantenlage im Bild; Bewegung und Kontrast sind nicht darin.</translation>
    </message>
    <message>
        <source>not estimated</source>
        <translation>nicht geschätzt</translation>
    </message>
    <message>
        <source>The ± of vessel sections is not estimated in this version.</source>
        <translation type="vanished">Das ± der Gefäßquerschnitte wird in dieser Version nicht geschätzt.</translation>
    </message>
    <message>
        <source>Sections at a branch, an opening or the scan’s border are left out, not guessed.</source>
        <translation>Querschnitte an einem Abgang, einer Öffnung oder am Rand des Scans werden ausgelassen, nicht geraten.</translation>
    </message>
    <message>
        <source>± is half of the 95 % interval of where the image’s edge lies; movement is not in it.</source>
        <translation>± ist die Hälfte des 95-%-Intervalls der Kantenlage im Bild; Bewegung ist nicht darin.</translation>
    </message>
    <message>
        <source>e edge, s spacing</source>
        <translation>e Kante, s Voxelabstand</translation>
    </message>
    <message>
        <source>{distance} from the first point</source>
        <translation>{distance} ab dem ersten Punkt</translation>
    </message>
    <message>
        <source>chord {length}</source>
        <translation>Sehne {length}</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>bearbeitet</translation>
    </message>
    <message>
        <source>Every {step}th of {count} sections; all are in the plan’s CSV.</source>
        <translation>Jeder {step}. von {count} Querschnitten; alle stehen in der CSV des Plans.</translation>
    </message>
    <message>
        <source>Diameter along the vessel, mm</source>
        <translation>Durchmesser entlang des Gefäßes, mm</translation>
    </message>
    <message>
        <source>From</source>
        <comment>a place</comment>
        <translation>Von</translation>
    </message>
    <message>
        <source>To</source>
        <comment>a place</comment>
        <translation>Bis</translation>
    </message>
    <message>
        <source>least</source>
        <translation>kleinster</translation>
    </message>
    <message>
        <source>greatest</source>
        <translation>größter</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>geschlossen</translation>
    </message>
    <message>
        <source>Along</source>
        <translation>Entlang</translation>
    </message>
    <message>
        <source>Portal branch {number}</source>
        <translation>Pfortaderast {number}</translation>
    </message>
    <message>
        <source>Hepatic vein {number}</source>
        <translation>Lebervene {number}</translation>
    </message>
    <message>
        <source>Portal side branch</source>
        <translation>Seitenast der Pfortader</translation>
    </message>
    <message>
        <source>Hepatic side branch</source>
        <translation>Seitenast der Lebervene</translation>
    </message>
    <message>
        <source>Portal trunk</source>
        <translation>Pfortaderstamm</translation>
    </message>
    <message>
        <source>Hepatic trunk</source>
        <translation>Lebervenenstamm</translation>
    </message>
    <message>
        <source>Portal branch of segment {numeral}</source>
        <translation>Pfortaderast von Segment {numeral}</translation>
    </message>
    <message>
        <source>Hepatic vein of segment {numeral}</source>
        <translation>Lebervene von Segment {numeral}</translation>
    </message>
    <message>
        <source>Portal stem</source>
        <translation>Pfortaderstamm</translation>
    </message>
    <message>
        <source>Hepatic stem</source>
        <translation>Lebervenenstamm</translation>
    </message>
    <message>
        <source>Segment {numeral}</source>
        <translation>Segment {numeral}</translation>
    </message>
    <message>
        <source>segments {list}</source>
        <translation>Segmente {list}</translation>
    </message>
    <message>
        <source>Segments {list} and {last}</source>
        <translation>Segmente {list} und {last}</translation>
    </message>
    <message>
        <source>Portal branch {first} and portal branch {last}</source>
        <translation>Pfortaderast {first} und {last}</translation>
    </message>
    <message>
        <source>Hepatic vein {first} and hepatic vein {last}</source>
        <translation>Lebervene {first} und {last}</translation>
    </message>
    <message>
        <source>Portal branch {first} and {rest}</source>
        <translation>Pfortaderast {first} und {rest}</translation>
    </message>
    <message>
        <source>Portal branch {first}, {rest}</source>
        <translation>Pfortaderast {first}, {rest}</translation>
    </message>
    <message>
        <source>Hepatic vein {first} and {rest}</source>
        <translation>Lebervene {first} und {rest}</translation>
    </message>
    <message>
        <source>Hepatic vein {first}, {rest}</source>
        <translation>Lebervene {first}, {rest}</translation>
    </message>
    <message>
        <source>{count} more</source>
        <translation>{count} weitere</translation>
    </message>
    <message>
        <source>T{first} and T{last}</source>
        <translation>T{first} und T{last}</translation>
    </message>
    <message>
        <source>T{first}, T{second} and T{last}</source>
        <translation>T{first}, T{second} und T{last}</translation>
    </message>
    <message>
        <source>T{first}, T{second}, T{third} and T{last}</source>
        <translation>T{first}, T{second}, T{third} und T{last}</translation>
    </message>
    <message>
        <source>Plane, {rest}</source>
        <translation>Ebene, {rest}</translation>
    </message>
    <message>
        <source>Deformable cut, {rest}</source>
        <translation>Verformbarer Schnitt, {rest}</translation>
    </message>
    <message>
        <source>Surface from a file</source>
        <translation>Oberfläche aus einer Datei</translation>
    </message>
    <message>
        <source>Surface from a file, {rest}</source>
        <translation>Oberfläche aus einer Datei, {rest}</translation>
    </message>
    <message>
        <source>Ablation zone, {rest}</source>
        <translation>Ablationszone, {rest}</translation>
    </message>
    <message>
        <source>Two planes</source>
        <translation>Zwei Ebenen</translation>
    </message>
    <message>
        <source>Two planes, {rest}</source>
        <translation>Zwei Ebenen, {rest}</translation>
    </message>
    <message>
        <source>Two deformable cuts</source>
        <translation>Zwei verformbare Schnitte</translation>
    </message>
    <message>
        <source>Two deformable cuts, {rest}</source>
        <translation>Zwei verformbare Schnitte, {rest}</translation>
    </message>
    <message>
        <source>Two surfaces from files</source>
        <translation>Zwei Oberflächen aus Dateien</translation>
    </message>
    <message>
        <source>Two surfaces from files, {rest}</source>
        <translation>Zwei Oberflächen aus Dateien, {rest}</translation>
    </message>
    <message>
        <source>Two ablation zones</source>
        <translation>Zwei Ablationszonen</translation>
    </message>
    <message>
        <source>Two ablation zones, {rest}</source>
        <translation>Zwei Ablationszonen, {rest}</translation>
    </message>
    <message>
        <source>Three planes</source>
        <translation>Drei Ebenen</translation>
    </message>
    <message>
        <source>Three planes, {rest}</source>
        <translation>Drei Ebenen, {rest}</translation>
    </message>
    <message>
        <source>Three deformable cuts</source>
        <translation>Drei verformbare Schnitte</translation>
    </message>
    <message>
        <source>Three deformable cuts, {rest}</source>
        <translation>Drei verformbare Schnitte, {rest}</translation>
    </message>
    <message>
        <source>Three surfaces from files</source>
        <translation>Drei Oberflächen aus Dateien</translation>
    </message>
    <message>
        <source>Three surfaces from files, {rest}</source>
        <translation>Drei Oberflächen aus Dateien, {rest}</translation>
    </message>
    <message>
        <source>Three ablation zones</source>
        <translation>Drei Ablationszonen</translation>
    </message>
    <message>
        <source>Three ablation zones, {rest}</source>
        <translation>Drei Ablationszonen, {rest}</translation>
    </message>
    <message>
        <source>Four planes</source>
        <translation>Vier Ebenen</translation>
    </message>
    <message>
        <source>Four planes, {rest}</source>
        <translation>Vier Ebenen, {rest}</translation>
    </message>
    <message>
        <source>Four deformable cuts</source>
        <translation>Vier verformbare Schnitte</translation>
    </message>
    <message>
        <source>Four deformable cuts, {rest}</source>
        <translation>Vier verformbare Schnitte, {rest}</translation>
    </message>
    <message>
        <source>Four surfaces from files</source>
        <translation>Vier Oberflächen aus Dateien</translation>
    </message>
    <message>
        <source>Four surfaces from files, {rest}</source>
        <translation>Vier Oberflächen aus Dateien, {rest}</translation>
    </message>
    <message>
        <source>Four ablation zones</source>
        <translation>Vier Ablationszonen</translation>
    </message>
    <message>
        <source>Four ablation zones, {rest}</source>
        <translation>Vier Ablationszonen, {rest}</translation>
    </message>
    <message>
        <source>{count} planes</source>
        <translation>{count} Ebenen</translation>
    </message>
    <message>
        <source>{count} planes, {rest}</source>
        <translation>{count} Ebenen, {rest}</translation>
    </message>
    <message>
        <source>{count} deformable cuts</source>
        <translation>{count} verformbare Schnitte</translation>
    </message>
    <message>
        <source>{count} deformable cuts, {rest}</source>
        <translation>{count} verformbare Schnitte, {rest}</translation>
    </message>
    <message>
        <source>{count} surfaces from files</source>
        <translation>{count} Oberflächen aus Dateien</translation>
    </message>
    <message>
        <source>{count} surfaces from files, {rest}</source>
        <translation>{count} Oberflächen aus Dateien, {rest}</translation>
    </message>
    <message>
        <source>{count} ablation zones</source>
        <translation>{count} Ablationszonen</translation>
    </message>
    <message>
        <source>{count} ablation zones, {rest}</source>
        <translation>{count} Ablationszonen, {rest}</translation>
    </message>
    <message>
        <source>Wedge about {tumor}</source>
        <translation>Keil um {tumor}</translation>
    </message>
    <message>
        <source>Wedge about {tumor}, {rest}</source>
        <translation>Keil um {tumor}, {rest}</translation>
    </message>
    <message>
        <source>Wedges about {tumors}</source>
        <translation>Keile um {tumors}</translation>
    </message>
    <message>
        <source>Wedges about {tumors}, {rest}</source>
        <translation>Keile um {tumors}, {rest}</translation>
    </message>
    <message>
        <source>Territory of {branches}</source>
        <translation>Territorium: {branches}</translation>
    </message>
    <message>
        <source>territory of {branches}</source>
        <translation>Territorium: {branches}</translation>
    </message>
    <message>
        <source>Right hepatectomy</source>
        <translation>Rechtsseitige Hemihepatektomie</translation>
    </message>
    <message>
        <source>Right hepatectomy, territory of {branches}</source>
        <translation>Rechtsseitige Hemihepatektomie, Territorium: {branches}</translation>
    </message>
    <message>
        <source>Left hepatectomy</source>
        <translation>Linksseitige Hemihepatektomie</translation>
    </message>
    <message>
        <source>Left hepatectomy, territory of {branches}</source>
        <translation>Linksseitige Hemihepatektomie, Territorium: {branches}</translation>
    </message>
    <message>
        <source>Right trisectionectomy</source>
        <translation>Rechtsseitige Trisektorektomie</translation>
    </message>
    <message>
        <source>Right trisectionectomy, territory of {branches}</source>
        <translation>Rechtsseitige Trisektorektomie, Territorium: {branches}</translation>
    </message>
    <message>
        <source>Left trisectionectomy</source>
        <translation>Linksseitige Trisektorektomie</translation>
    </message>
    <message>
        <source>Left trisectionectomy, territory of {branches}</source>
        <translation>Linksseitige Trisektorektomie, Territorium: {branches}</translation>
    </message>
    <message>
        <source>Left lateral sectionectomy</source>
        <translation>Links-laterale Sektorektomie</translation>
    </message>
    <message>
        <source>Left lateral sectionectomy, territory of {branches}</source>
        <translation>Links-laterale Sektorektomie, Territorium: {branches}</translation>
    </message>
    <message>
        <source>Left medial sectionectomy</source>
        <translation>Links-mediale Sektorektomie</translation>
    </message>
    <message>
        <source>Left medial sectionectomy, territory of {branches}</source>
        <translation>Links-mediale Sektorektomie, Territorium: {branches}</translation>
    </message>
    <message>
        <source>Right anterior sectionectomy</source>
        <translation>Rechts-anteriore Sektorektomie</translation>
    </message>
    <message>
        <source>Right anterior sectionectomy, territory of {branches}</source>
        <translation>Rechts-anteriore Sektorektomie, Territorium: {branches}</translation>
    </message>
    <message>
        <source>Right posterior sectionectomy</source>
        <translation>Rechts-posteriore Sektorektomie</translation>
    </message>
    <message>
        <source>Right posterior sectionectomy, territory of {branches}</source>
        <translation>Rechts-posteriore Sektorektomie, Territorium: {branches}</translation>
    </message>
    <message>
        <source>Central hepatectomy</source>
        <translation>Zentrale Hepatektomie</translation>
    </message>
    <message>
        <source>Central hepatectomy, territory of {branches}</source>
        <translation>Zentrale Hepatektomie, Territorium: {branches}</translation>
    </message>
    <message>
        <source>Caudate resection</source>
        <translation>Resektion des Lobus caudatus</translation>
    </message>
    <message>
        <source>Caudate resection, territory of {branches}</source>
        <translation>Resektion des Lobus caudatus, Territorium: {branches}</translation>
    </message>
    <message>
        <source>plane through {place}, removing towards {direction}</source>
        <translation>Ebene durch {place}, entfernt in Richtung {direction}</translation>
    </message>
    <message>
        <source>plane through {place}, removing towards {direction}, the tumours’ side</source>
        <translation>Ebene durch {place}, entfernt in Richtung {direction}, die Seite der Tumoren</translation>
    </message>
    <message>
        <source>deformable cut, net of {net} over a plane through {place}, removing towards {direction}, heights {low} to {high} mm</source>
        <translation>verformbarer Schnitt, Netz aus {net} über einer Ebene durch {place}, entfernt in Richtung {direction}, Höhen {low} bis {high} mm</translation>
    </message>
    <message>
        <source>deformable cut, net of {net} over a plane through {place}, removing towards {direction}, heights {low} to {high} mm, the tumours’ side</source>
        <translation>verformbarer Schnitt, Netz aus {net} über einer Ebene durch {place}, entfernt in Richtung {direction}, Höhen {low} bis {high} mm, die Seite der Tumoren</translation>
    </message>
    <message>
        <source>wedge about {tumor} with {margin} mm</source>
        <translation>Keil um {tumor} mit {margin} mm</translation>
    </message>
    <message>
        <source>wedge about {tumor} with {margin} mm, sparing {branches}</source>
        <translation>Keil um {tumor} mit {margin} mm, schont {branches}</translation>
    </message>
    <message>
        <source>wedge about {tumor} with {margin} mm, out towards {direction}</source>
        <translation>Keil um {tumor} mit {margin} mm, nach außen in Richtung {direction}</translation>
    </message>
    <message>
        <source>wedge about {tumor} with {margin} mm, out towards {direction}, sparing {branches}</source>
        <translation>Keil um {tumor} mit {margin} mm, nach außen in Richtung {direction}, schont {branches}</translation>
    </message>
    <message>
        <source>ablation zone, {size}, from {entry} to {target}</source>
        <translation>Ablationszone, {size}, von {entry} zu {target}</translation>
    </message>
    <message>
        <source>surface from a file, the tumours’ side</source>
        <translation>Oberfläche aus einer Datei, die Seite der Tumoren</translation>
    </message>
    <message>
        <source>embolised before stage 1</source>
        <translation>embolisiert vor Schritt 1</translation>
    </message>
    <message>
        <source>embolised at stage 1</source>
        <translation>embolisiert in Schritt 1</translation>
    </message>
    <message>
        <source>ligated at stage 1</source>
        <translation>ligiert in Schritt 1</translation>
    </message>
    <message>
        <source>Right femoral</source>
        <translation>Rechts femoral</translation>
    </message>
    <message>
        <source>Left femoral</source>
        <translation>Links femoral</translation>
    </message>
    <message>
        <source>Right subclavian</source>
        <translation>Rechte A. subclavia</translation>
    </message>
    <message>
        <source>Left subclavian</source>
        <translation>Linke A. subclavia</translation>
    </message>
    <message>
        <source>Right carotid</source>
        <translation>Rechte A. carotis</translation>
    </message>
    <message>
        <source>Left carotid</source>
        <translation>Linke A. carotis</translation>
    </message>
    <message>
        <source>no section could be measured</source>
        <translation>kein Querschnitt war messbar</translation>
    </message>
    <message>
        <source>over {limit}</source>
        <translation>über {limit}</translation>
    </message>
    <message>
        <source>over {limit} as far as the scan goes</source>
        <translation>über {limit}, so weit der Scan reicht</translation>
    </message>
    <message>
        <source>over {limit}, the least any sheath listed asks for</source>
        <translation>über {limit}, dem kleinsten Wert aller Schleusen</translation>
    </message>
    <message>
        <source>over {limit} as far as the scan goes, the least any sheath listed asks for</source>
        <translation>über {limit}, dem kleinsten Wert aller Schleusen, so weit der Scan reicht</translation>
    </message>
    <message>
        <source>{distance} under {limit}</source>
        <translation>{distance} unter {limit}</translation>
    </message>
    <message>
        <source>{distance} under {limit}, the least any sheath listed asks for</source>
        <translation>{distance} unter {limit}, dem kleinsten Wert aller Schleusen</translation>
    </message>
    <message>
        <source>{distance} over {limit}, within the uncertainty</source>
        <translation>{distance} über {limit}, innerhalb der Unsicherheit</translation>
    </message>
    <message>
        <source>{distance} over {limit}, within the uncertainty, the least any sheath listed asks for</source>
        <translation>{distance} über {limit}, dem kleinsten Wert aller Schleusen, innerhalb der Unsicherheit</translation>
    </message>
    <message>
        <source>command line</source>
        <translation>Befehlszeile</translation>
    </message>
    <message>
        <source>workstation</source>
        <translation>Arbeitsplatz</translation>
    </message>
    <message>
        <source>window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Left: obstruction predicted</source>
        <translation>Links: Verlegung vorhergesagt</translation>
    </message>
    <message>
        <source>Left: no obstruction predicted</source>
        <translation>Links: keine Verlegung vorhergesagt</translation>
    </message>
    <message>
        <source>Left: obstruction not known</source>
        <translation>Links: Verlegung nicht bekannt</translation>
    </message>
    <message>
        <source>Left: high risk</source>
        <translation>Links: hohes Risiko</translation>
    </message>
    <message>
        <source>Left: close to high risk</source>
        <translation>Links: nahe an hohem Risiko</translation>
    </message>
    <message>
        <source>Left: no distance under its limit</source>
        <translation>Links: kein Abstand unter seiner Grenze</translation>
    </message>
    <message>
        <source>Right: obstruction predicted</source>
        <translation>Rechts: Verlegung vorhergesagt</translation>
    </message>
    <message>
        <source>Right: no obstruction predicted</source>
        <translation>Rechts: keine Verlegung vorhergesagt</translation>
    </message>
    <message>
        <source>Right: obstruction not known</source>
        <translation>Rechts: Verlegung nicht bekannt</translation>
    </message>
    <message>
        <source>Right: high risk</source>
        <translation>Rechts: hohes Risiko</translation>
    </message>
    <message>
        <source>Right: close to high risk</source>
        <translation>Rechts: nahe an hohem Risiko</translation>
    </message>
    <message>
        <source>Right: no distance under its limit</source>
        <translation>Rechts: kein Abstand unter seiner Grenze</translation>
    </message>
    <message>
        <source>T{number} stays.</source>
        <translation>T{number} bleibt.</translation>
    </message>
    <message>
        <source>T{first} and T{last} stay.</source>
        <translation>T{first} und T{last} bleiben.</translation>
    </message>
    <message>
        <source>T{first}, T{second} and T{last} stay.</source>
        <translation>T{first}, T{second} und T{last} bleiben.</translation>
    </message>
    <message>
        <source>T{numbers} stay.</source>
        <translation>T{numbers} bleiben.</translation>
    </message>
    <message>
        <source>keeps {percent} % more of the liver</source>
        <translation>{percent} % der Leber mehr</translation>
    </message>
    <message>
        <source>keeps {percent} % less of the liver</source>
        <translation>{percent} % der Leber weniger</translation>
    </message>
    <message>
        <source>Plan {name} keeps {percent} % more of the liver.</source>
        <translation>Plan {name}: {percent} % der Leber mehr.</translation>
    </message>
    <message>
        <source>Plan {name} keeps {percent} % more of the liver and {rest}.</source>
        <translation>Plan {name}: {percent} % der Leber mehr und {rest}.</translation>
    </message>
    <message>
        <source>Plan {name} keeps {percent} % more of the liver, {rest}.</source>
        <translation>Plan {name}: {percent} % der Leber mehr, {rest}.</translation>
    </message>
    <message>
        <source>Plan {name} keeps {percent} % less of the liver.</source>
        <translation>Plan {name}: {percent} % der Leber weniger.</translation>
    </message>
    <message>
        <source>Plan {name} keeps {percent} % less of the liver and {rest}.</source>
        <translation>Plan {name}: {percent} % der Leber weniger und {rest}.</translation>
    </message>
    <message>
        <source>Plan {name} keeps {percent} % less of the liver, {rest}.</source>
        <translation>Plan {name}: {percent} % der Leber weniger, {rest}.</translation>
    </message>
    <message>
        <source>{tumor} stays.</source>
        <translation type="vanished">{tumor} bleibt.</translation>
    </message>
    <message>
        <source>{tumors} stay.</source>
        <translation type="vanished">{tumors} bleiben.</translation>
    </message>
    <message>
        <source>Viable remnant {percent} %, {limit} % asked.</source>
        <translation>Funktioneller Leberrest {percent} %, {limit} % gefordert.</translation>
    </message>
    <message>
        <source>Viable remnant {percent} % of the standard volume, {limit} % asked.</source>
        <translation>Funktioneller Leberrest {percent} % des Standardvolumens, {limit} % gefordert.</translation>
    </message>
    <message>
        <source>Remnant {percent} %, {limit} % asked.</source>
        <translation>Leberrest {percent} %, {limit} % gefordert.</translation>
    </message>
    <message>
        <source>Remnant {percent} % of the standard volume, {limit} % asked.</source>
        <translation>Leberrest {percent} % des Standardvolumens, {limit} % gefordert.</translation>
    </message>
    <message>
        <source>Beside plan {plan} it {a}.</source>
        <translation>Gegenüber Plan {plan}: {a}.</translation>
    </message>
    <message>
        <source>Beside plan {plan} it {a} and {b}.</source>
        <translation>Gegenüber Plan {plan}: {a} und {b}.</translation>
    </message>
    <message>
        <source>Beside plan {plan} it {a}, {b} and {c}.</source>
        <translation>Gegenüber Plan {plan}: {a}, {b} und {c}.</translation>
    </message>
    <message>
        <source>Beside plan {plan} it {a}, {b}, {c} and {d}.</source>
        <translation>Gegenüber Plan {plan}: {a}, {b}, {c} und {d}.</translation>
    </message>
    <message>
        <source>Like plan {plan}.</source>
        <translation>Wie Plan {plan}.</translation>
    </message>
    <message>
        <source>Plan {name} is like plan {plan}.</source>
        <translation>Plan {name} ist wie Plan {plan}.</translation>
    </message>
    <message>
        <source>keeps {percent} % more</source>
        <translation type="vanished">{percent} % mehr Leberrest</translation>
    </message>
    <message>
        <source>has {distance} mm more margin</source>
        <translation>{distance} mm mehr Resektionsrand</translation>
    </message>
    <message>
        <source>keeps {percent} % less</source>
        <translation type="vanished">{percent} % weniger Leberrest</translation>
    </message>
    <message>
        <source>has {distance} mm less margin</source>
        <translation>{distance} mm weniger Resektionsrand</translation>
    </message>
    <message>
        <source>Plan {name} keeps {percent} % more.</source>
        <translation type="vanished">Plan {name}: {percent} % mehr Leberrest.</translation>
    </message>
    <message>
        <source>Plan {name} keeps {percent} % more and {rest}.</source>
        <translation type="vanished">Plan {name}: {percent} % mehr Leberrest und {rest}.</translation>
    </message>
    <message>
        <source>Plan {name} keeps {percent} % more, {rest}.</source>
        <translation type="vanished">Plan {name}: {percent} % mehr Leberrest, {rest}.</translation>
    </message>
    <message>
        <source>Plan {name} keeps {percent} % less.</source>
        <translation type="vanished">Plan {name}: {percent} % weniger Leberrest.</translation>
    </message>
    <message>
        <source>Plan {name} keeps {percent} % less and {rest}.</source>
        <translation type="vanished">Plan {name}: {percent} % weniger Leberrest und {rest}.</translation>
    </message>
    <message>
        <source>Plan {name} keeps {percent} % less, {rest}.</source>
        <translation type="vanished">Plan {name}: {percent} % weniger Leberrest, {rest}.</translation>
    </message>
    <message>
        <source>Plan {name} has {distance} mm more margin.</source>
        <translation>Plan {name}: {distance} mm mehr Resektionsrand.</translation>
    </message>
    <message>
        <source>Plan {name} has {distance} mm more margin and {rest}.</source>
        <translation>Plan {name}: {distance} mm mehr Resektionsrand und {rest}.</translation>
    </message>
    <message>
        <source>Plan {name} has {distance} mm more margin, {rest}.</source>
        <translation>Plan {name}: {distance} mm mehr Resektionsrand, {rest}.</translation>
    </message>
    <message>
        <source>Plan {name} has {distance} mm less margin.</source>
        <translation>Plan {name}: {distance} mm weniger Resektionsrand.</translation>
    </message>
    <message>
        <source>Plan {name} has {distance} mm less margin and {rest}.</source>
        <translation>Plan {name}: {distance} mm weniger Resektionsrand und {rest}.</translation>
    </message>
    <message>
        <source>Plan {name} has {distance} mm less margin, {rest}.</source>
        <translation>Plan {name}: {distance} mm weniger Resektionsrand, {rest}.</translation>
    </message>
    <message>
        <source>Plan {name} crosses {branches}.</source>
        <translation>Plan {name}: kreuzt {branches}.</translation>
    </message>
    <message>
        <source>Plan {name} crosses {branches} and {rest}.</source>
        <translation>Plan {name}: kreuzt {branches} und {rest}.</translation>
    </message>
    <message>
        <source>Plan {name} crosses {branches}, {rest}.</source>
        <translation>Plan {name}: kreuzt {branches}, {rest}.</translation>
    </message>
    <message>
        <source>Plan {name} leaves {tumors}.</source>
        <translation>Plan {name}: lässt {tumors} zurück.</translation>
    </message>
    <message>
        <source>has {distance} mm more margin and {rest}</source>
        <translation>{distance} mm mehr Resektionsrand und {rest}</translation>
    </message>
    <message>
        <source>has {distance} mm less margin and {rest}</source>
        <translation>{distance} mm weniger Resektionsrand und {rest}</translation>
    </message>
    <message>
        <source>crosses {branches} and {rest}</source>
        <translation>kreuzt {branches} und {rest}</translation>
    </message>
    <message>
        <source>Of the liver without tumour {much} keeps both inflow and drainage ({kept} % is kept): {words}</source>
        <translation>Von der Leber ohne Tumor behält {much} Zufluss und Abfluss ({kept} % verbleiben): {words}</translation>
    </message>
    <message>
        <source>Of the standard liver volume {much} keeps both inflow and drainage ({kept} % is kept): {words}</source>
        <translation>Vom Standardlebervolumen behält {much} Zufluss und Abfluss ({kept} % verbleiben): {words}</translation>
    </message>
    <message>
        <source>The remnant is {kept} % of the liver without tumour: {words}</source>
        <translation>Der Leberrest beträgt {kept} % der Leber ohne Tumor: {words}</translation>
    </message>
    <message>
        <source>The remnant is {kept} % of the standard liver volume: {words}</source>
        <translation>Der Leberrest beträgt {kept} % des Standardlebervolumens: {words}</translation>
    </message>
    <message>
        <source>only {percent} %</source>
        <translation>nur {percent} %</translation>
    </message>
    <message>
        <source>less than the {percent} % asked</source>
        <translation>weniger als die geforderten {percent} %</translation>
    </message>
    <message>
        <source>less than the {percent} % asked, before any growth</source>
        <translation>weniger als die geforderten {percent} %, vor jedem Wachstum</translation>
    </message>
    <message>
        <source>less than the {percent} % asked where the liver&apos;s condition is not said</source>
        <translation>weniger als die geforderten {percent} % (Zustand der Leber nicht angegeben)</translation>
    </message>
    <message>
        <source>less than the {percent} % asked where the liver&apos;s condition is not said, before any growth</source>
        <translation>weniger als die geforderten {percent} % (Zustand der Leber nicht angegeben), vor jedem Wachstum</translation>
    </message>
    <message>
        <source>liver without tumour</source>
        <translation>Leber ohne Tumor</translation>
    </message>
    <message>
        <source>Vauthey by weight</source>
        <translation>Vauthey nach Gewicht</translation>
    </message>
    <message>
        <source>Outside the outline</source>
        <translation>Außerhalb des Umrisses</translation>
    </message>
    <message>
        <source>To the sinus</source>
        <translation>Zum Sinus</translation>
    </message>
    <message>
        <source>Front or back</source>
        <translation>Vorn oder hinten</translation>
    </message>
    <message>
        <source>Polar lines</source>
        <translation>Pollinien</translation>
    </message>
    <message>
        <source>low</source>
        <translation>gering</translation>
    </message>
    <message>
        <source>moderate</source>
        <translation>mittel</translation>
    </message>
    <message>
        <source>high</source>
        <translation>hoch</translation>
    </message>
    <message>
        <source>1 up to 4 cm, 2 below 7 cm, 3 from 7 cm</source>
        <translation>1 bis 4 cm, 2 unter 7 cm, 3 ab 7 cm</translation>
    </message>
    <message>
        <source>1 from 50 % outside, 2 below, 3 wholly inside</source>
        <translation>1 ab 50 % außerhalb, 2 darunter, 3 ganz innerhalb</translation>
    </message>
    <message>
        <source>1 from 7 mm, 2 above 4 mm, 3 up to 4 mm</source>
        <translation>1 ab 7 mm, 2 über 4 mm, 3 bis 4 mm</translation>
    </message>
    <message>
        <source>a before, p behind, x neither; no points</source>
        <translation>a davor, p dahinter, x keins von beiden; keine Punkte</translation>
    </message>
    <message>
        <source>1 beyond a line, 2 crosses one, 3 more than half between the lines or across the middle</source>
        <translation>1 jenseits einer Linie, 2 kreuzt eine, 3 mehr als die Hälfte zwischen den Linien oder über die Mitte</translation>
    </message>
    <message>
        <source>The membranous septum is not measured</source>
        <translation>Das membranöse Septum ist nicht gemessen</translation>
    </message>
    <message>
        <source>the sinotubular junction is not seen</source>
        <translation>der sinutubuläre Übergang ist nicht zu sehen</translation>
    </message>
    <message>
        <source>the leaflets hardly differ from blood</source>
        <translation>die Segel heben sich kaum vom Blut ab</translation>
    </message>
    <message>
        <source>no commissure is seen</source>
        <translation>keine Kommissur ist zu sehen</translation>
    </message>
    <message>
        <source>only one commissure is seen</source>
        <translation>nur eine Kommissur ist zu sehen</translation>
    </message>
    <message>
        <source>the commissures&apos; heights do not tell</source>
        <translation>die Höhen der Kommissuren entscheiden es nicht</translation>
    </message>
    <message>
        <source>no section above the annulus is seen</source>
        <translation>kein Querschnitt über dem Anulus ist zu sehen</translation>
    </message>
    <message>
        <source>the outflow tract has no closed edge under the annulus</source>
        <translation>der Ausflusstrakt hat unter dem Anulus keinen geschlossenen Rand</translation>
    </message>
    <message>
        <source>blood of the right heart and muscle cannot be told apart there</source>
        <translation>Blut des rechten Herzens und Muskel sind dort nicht zu trennen</translation>
    </message>
    <message>
        <source>Septum</source>
        <translation>Septum</translation>
    </message>
    <message>
        <source>the middle hepatic vein cannot be told in the tree</source>
        <translation>die mittlere Lebervene ist im Baum nicht zu erkennen</translation>
    </message>
    <message>
        <source>No structures yet. The 3D view settings show the scan itself.</source>
        <translation>Noch keine Strukturen. Die Einstellungen der 3D-Ansicht zeigen den Scan selbst.</translation>
    </message>
    <message>
        <source>Take the new numbers</source>
        <translation>Neue Werte übernehmen</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>Neu messen</translation>
    </message>
    <message>
        <source>This case is open to read only</source>
        <translation type="vanished">Dieser Fall ist nur zum Lesen geöffnet</translation>
    </message>
    <message>
        <source>Measured by an earlier state of this version.</source>
        <translation>Von einem früheren Stand dieser Version gemessen.</translation>
    </message>
    <message>
        <source>These numbers were stored earlier</source>
        <translation>Diese Werte wurden früher gespeichert</translation>
    </message>
    <message>
        <source>{name} {stored} → {now}&#x202f;{unit}</source>
        <translation>{name} {stored} → {now}\u202f{unit}</translation>
    </message>
    <message>
        <source>, {more} more</source>
        <translation>, {more} weitere</translation>
    </message>
    <message>
        <source>Until you take the new numbers, reports and comparisons tell the stored ones.</source>
        <translation>Bis die neuen Werte übernommen sind, nennen Berichte und Vergleiche die gespeicherten.</translation>
    </message>
    <message>
        <source>Stored with other numbers</source>
        <translation>Mit anderen Werten gespeichert</translation>
    </message>
    <message>
        <source>Measured by version {version}, this is {now}.</source>
        <translation>Gemessen von Version {version}, dies ist {now}.</translation>
    </message>
    <message>
        <source>Changed since: {names}.</source>
        <translation>Seitdem geändert: {names}.</translation>
    </message>
    <message>
        <source>Gone since: {names}.</source>
        <translation>Seitdem entfernt: {names}.</translation>
    </message>
    <message>
        <source>It is told against numbers that these plans have no more: {names}.</source>
        <translation>Bezogen auf Werte, die diese Pläne nicht mehr haben: {names}.</translation>
    </message>
    <message>
        <source>No structure of it changed, so an earlier state of the program measured it.</source>
        <translation type="vanished">Keine ihrer Strukturen hat sich geändert, also hat ein früherer Stand des Programms sie gemessen.</translation>
    </message>
    <message>
        <source>One step, which undo takes back</source>
        <translation>Ein Schritt, den Rückgängig zurücknimmt</translation>
    </message>
    <message>
        <source>Panes that share one place</source>
        <translation>Fenster, die sich einen Platz teilen</translation>
    </message>
    <message>
        <source>A first outline of organs and great vessels on CT of chest and abdomen, for a person to check and correct before anything is planned with it.</source>
        <translation>Ein erster Umriss von Organen und großen Gefäßen im CT von Brust und Bauch, den ein Mensch prüft und berichtigt, bevor damit geplant wird.</translation>
    </message>
    <message>
        <source>Diagnosis; measurement without a look at the outline; children; CT without Hounsfield units.</source>
        <translation>Diagnosen; Messungen ohne Blick auf den Umriss; Kinder; CT ohne Hounsfield-Einheiten.</translation>
    </message>
    <message>
        <source>United States (four), Switzerland (one)</source>
        <translation>Vereinigte Staaten (vier), Schweiz (einer)</translation>
    </message>
    <message>
        <source>GE LightSpeed Plus, GE LightSpeed16, GE Discovery LS, Siemens Emotion 16, one not stated</source>
        <translation>GE LightSpeed Plus, GE LightSpeed16, GE Discovery LS, Siemens Emotion 16, einer nicht angegeben</translation>
    </message>
    <message>
        <source>three without contrast, two arterial; other phases only simulated</source>
        <translation>drei ohne Kontrastmittel, zwei arteriell; andere Phasen nur simuliert</translation>
    </message>
    <message>
        <source>outlines of this program&apos;s authors, who are no radiologists, rules for lung and bone, and one scan labelled by another model</source>
        <translation>Umrisse der Autoren dieses Programms, die keine Radiologen sind, Regeln für Lunge und Knochen und ein Scan mit Labeln eines anderen Modells</translation>
    </message>
    <message>
        <source>CMB-CRC-MSB-01068, arterial chest, validation, our own outline</source>
        <translation>CMB-CRC-MSB-01068, Brust arteriell, Validierung, eigener Umriss</translation>
    </message>
    <message>
        <source>3D-IRCADb-01 case 1, portal-venous, test only</source>
        <translation>3D-IRCADb-01 Fall 1, portalvenös, nur Test</translation>
    </message>
    <message>
        <source>the reference holds all arteries</source>
        <translation>die Referenz enthält alle Arterien</translation>
    </message>
    <message>
        <source>the reference holds iliac and renal veins too</source>
        <translation>die Referenz enthält auch Becken- und Nierenvenen</translation>
    </message>
    <message>
        <source>the reference holds mesenteric veins too</source>
        <translation>die Referenz enthält auch Mesenterialvenen</translation>
    </message>
    <message>
        <source>Below its bar on the test scan: the right kidney (Dice 0.84; 0.85 asked). Vena cava and portal vein are hints only.</source>
        <translation>Unter der Vorgabe am Testscan: die rechte Niere (Dice 0,84; gefordert 0,85). Hohlvene und Pfortader sind nur Hinweise.</translation>
    </message>
    <message>
        <source>Learned from five patients only; measured on two more. Every outline must be looked at.</source>
        <translation>Nur an fünf Patienten gelernt; an zwei weiteren gemessen. Jeder Umriss muss angesehen werden.</translation>
    </message>
    <message>
        <source>No portal-venous scan trained the model: that phase was simulated.</source>
        <translation>Kein portalvenöser Scan war im Training: diese Phase wurde simuliert.</translation>
    </message>
    <message>
        <source>At 4 mm, vessels thinner than 8 mm and thin rims of organs are lost; iliac arteries and the portal vein are hints.</source>
        <translation>Bei 4 mm gehen Gefäße unter 8 mm und dünne Ränder von Organen verloren; Beckenarterien und Pfortader sind Hinweise.</translation>
    </message>
    <message>
        <source>Large tumours, resected or displaced organs, ascites, effusions and children were never seen.</source>
        <translation>Große Tumoren, resezierte oder verlagerte Organe, Aszites, Ergüsse und Kinder kamen nie vor.</translation>
    </message>
    <message>
        <source>The bladder has no labels and is not found; the pulmonary artery was labelled in one scan.</source>
        <translation>Für die Harnblase gibt es keine Label, sie wird nicht gefunden; die Pulmonalarterie war in einem Scan gelabelt.</translation>
    </message>
    <message>
        <source>The test scan was watched while the model was trained: its errors led to more bone and lesions in the training, and the choice of stages was made on it too, so its numbers flatter.</source>
        <translation>Der Testscan wurde während des Trainings beobachtet: seine Fehler brachten mehr Knochen und Herde ins Training, und auch die Wahl der Stufen stützt sich auf ihn; seine Zahlen schmeicheln also.</translation>
    </message>
    <message>
        <source>Structures are hidden in this step.</source>
        <translation>Strukturen sind in diesem Schritt ausgeblendet.</translation>
    </message>
    <message>
        <source>{key} shows them.</source>
        <translation>{key} zeigt sie.</translation>
    </message>
    <message>
        <source>Enter makes it</source>
        <translation>Enter legt an</translation>
    </message>
    <message>
        <source>Annulus {area}, valve {valve}.</source>
        <translation>Anulus {area}, Klappe {valve}.</translation>
    </message>
    <message>
        <source>{first} is of {image}, {second} of {other}.</source>
        <translation>{first} stammt aus {image}, {second} aus {other}.</translation>
    </message>
    <message>
        <source>The plans are of different images</source>
        <translation>Die Pläne stammen aus verschiedenen Bildern</translation>
    </message>
    <message numerus="yes">
        <source>%n of {known} numbers (differs|differ) by more than their ±</source>
        <translation>
            <numerusform>%n von {known} Zahlen unterscheidet sich um mehr als ihr ±</numerusform>
            <numerusform>%n von {known} Zahlen unterscheiden sich um mehr als ihr ±</numerusform>
        </translation>
    </message>
    <message>
        <source>Of the others nobody can say, or both plans agree within what the measurement can tell.</source>
        <translation>Von den anderen lässt es sich nicht sagen, oder beide Pläne stimmen innerhalb der Messgenauigkeit überein.</translation>
    </message>
    <message>
        <source>Go on with {name}</source>
        <translation>Mit {name} weitermachen</translation>
    </message>
    <message>
        <source>End comparing</source>
        <translation>Vergleich beenden</translation>
    </message>
    <message>
        <source>Rows fly to where they were taken</source>
        <translation>Zeilen fliegen dorthin, wo sie gemessen wurden</translation>
    </message>
    <message>
        <source>Chosen place</source>
        <translation>Gewählte Stelle</translation>
    </message>
    <message>
        <source>Wall thickness</source>
        <translation>Wanddicke</translation>
    </message>
    <message>
        <source>{percent} % of the surface is thinner</source>
        <translation>{percent} % der Oberfläche ist dünner</translation>
    </message>
    <message>
        <source>Walls are measured with the model.</source>
        <translation>Wände werden mit dem Modell gemessen.</translation>
    </message>
    <message>
        <source>{percent} % over {most} mm</source>
        <translation>{percent} % über {most} mm</translation>
    </message>
    <message>
        <source>repair of the model</source>
        <translation>Reparatur des Modells</translation>
    </message>
    <message>
        <source>choice of parts to print</source>
        <translation>Wahl der Teile zum Drucken</translation>
    </message>
    <message>
        <source>choice of printer and plate</source>
        <translation>Wahl von Drucker und Platte</translation>
    </message>
    <message>
        <source>kind of file</source>
        <translation>Dateiart</translation>
    </message>
    <message>
        <source>shape of the model</source>
        <translation>Form des Modells</translation>
    </message>
    <message>
        <source>Plate</source>
        <translation>Platte</translation>
    </message>
    <message>
        <source>Previous plate</source>
        <translation>Vorige Platte</translation>
    </message>
    <message>
        <source>Next plate</source>
        <translation>Nächste Platte</translation>
    </message>
    <message>
        <source>No printer chosen</source>
        <translation>Kein Drucker gewählt</translation>
    </message>
    <message>
        <source>Another size</source>
        <translation>Andere Größe</translation>
    </message>
    <message>
        <source>Printer</source>
        <translation>Drucker</translation>
    </message>
    <message>
        <source>A name has {count} letters at most.</source>
        <translation>Ein Name hat höchstens {count} Zeichen.</translation>
    </message>
    <message>
        <source>The first day is after the last</source>
        <translation>Der erste Tag liegt nach dem letzten</translation>
    </message>
    <message>
        <source>Exchange them</source>
        <translation>Die beiden tauschen</translation>
    </message>
    <message>
        <source>Write it like 2026-03-11</source>
        <translation>So schreiben: 2026-03-11</translation>
    </message>
    <message>
        <source>Receive images</source>
        <translation>Bilder empfangen</translation>
    </message>
    <message>
        <source>Switch on</source>
        <translation>Einschalten</translation>
    </message>
    <message>
        <source>Only known archives</source>
        <translation>Nur bekannte Archive</translation>
    </message>
    <message>
        <source>Others are turned away by their AE title</source>
        <translation>Andere werden nach ihrem AE-Titel abgewiesen</translation>
    </message>
    <message>
        <source>Set up …</source>
        <translation>Einrichten …</translation>
    </message>
    <message>
        <source>What this computer is called, and who can send to it</source>
        <translation>Wie dieser Rechner heißt, und wer an ihn senden kann</translation>
    </message>
    <message>
        <source>Switch off</source>
        <translation>Ausschalten</translation>
    </message>
    <message>
        <source>Receive images: switch off</source>
        <translation>Bilder empfangen: ausschalten</translation>
    </message>
    <message>
        <source>Receive images: switch on</source>
        <translation>Bilder empfangen: einschalten</translation>
    </message>
    <message>
        <source>On · {place}</source>
        <translation>An · {place}</translation>
    </message>
    <message>
        <source>Off · {place}</source>
        <translation>Aus · {place}</translation>
    </message>
    <message>
        <source>The line is secured (TLS).</source>
        <translation>Die Leitung ist gesichert (TLS).</translation>
    </message>
    <message>
        <source>Nothing came yet.</source>
        <translation>Noch ist nichts gekommen.</translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) refused.</source>
        <translation>
            <numerusform>%n Bild abgelehnt.</numerusform>
            <numerusform>%n Bilder abgelehnt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n (series|series) received</source>
        <translation>
            <numerusform>%n Serie empfangen</numerusform>
            <numerusform>%n Serien empfangen</numerusform>
        </translation>
    </message>
    <message>
        <source>The disk is full</source>
        <translation>Der Datenträger ist voll</translation>
    </message>
    <message>
        <source>An image was not what it claimed to be</source>
        <translation>Ein Bild war nicht, was es zu sein vorgab</translation>
    </message>
    <message>
        <source>Another image of the same number is here already</source>
        <translation>Ein anderes Bild derselben Nummer ist schon hier</translation>
    </message>
    <message>
        <source>An image could not be read</source>
        <translation>Ein Bild war nicht lesbar</translation>
    </message>
    <message>
        <source>No archive is known that could send here</source>
        <translation>Es ist kein Archiv bekannt, das hierher senden könnte</translation>
    </message>
    <message>
        <source>Add it first, or let all send</source>
        <translation>Zuerst hinzufügen oder alle senden lassen</translation>
    </message>
    <message>
        <source>Another window of Theatrum may be receiving: switch it off there, or take another port</source>
        <translation>Vielleicht empfängt ein anderes Fenster von Theatrum: dort ausschalten oder einen anderen Port nehmen</translation>
    </message>
    <message>
        <source>Studies</source>
        <translation>Studien</translation>
    </message>
    <message>
        <source>Asking the archive</source>
        <translation>Das Archiv wird gefragt</translation>
    </message>
    <message>
        <source>No series</source>
        <translation>Keine Serien</translation>
    </message>
    <message>
        <source>There is nothing to send</source>
        <translation>Es gibt nichts zu senden</translation>
    </message>
    <message>
        <source>Choose what to send</source>
        <translation>Wählen, was gesendet wird</translation>
    </message>
    <message>
        <source>Authority</source>
        <translation>Zertifizierungsstelle</translation>
    </message>
    <message>
        <source>Who judges the partner’s certificate, as PEM</source>
        <translation>Wer das Zertifikat des Partners beurteilt, als PEM</translation>
    </message>
    <message>
        <source>Our certificate</source>
        <translation>Unser Zertifikat</translation>
    </message>
    <message>
        <source>Shown to the partner, as PEM; may be left out</source>
        <translation>Wird dem Partner gezeigt, als PEM; kann fehlen</translation>
    </message>
    <message>
        <source>Its key</source>
        <translation>Sein Schlüssel</translation>
    </message>
    <message>
        <source>As PEM, without a pass-phrase</source>
        <translation>Als PEM, ohne Passphrase</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.key);;All files (*)</source>
        <translation>Zertifikate (*.pem *.crt *.key);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Secured line (TLS)</source>
        <translation>Gesicherte Leitung (TLS)</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Wählen</translation>
    </message>
    <message>
        <source>Choose: {name}</source>
        <translation>Wählen: {name}</translation>
    </message>
    <message>
        <source>Name in its certificate</source>
        <translation>Name in seinem Zertifikat</translation>
    </message>
    <message>
        <source>as the host</source>
        <translation>wie der Rechner</translation>
    </message>
    <message>
        <source>A secured line needs the file of an authority</source>
        <translation>Eine gesicherte Leitung braucht die Datei einer Zertifizierungsstelle</translation>
    </message>
    <message>
        <source>Choose it, or take the tick away</source>
        <translation>Sie wählen oder den Haken entfernen</translation>
    </message>
    <message>
        <source>Undone: {step}</source>
        <translation>Rückgängig: {step}</translation>
    </message>
    <message>
        <source>Done again: {step}</source>
        <translation>Wiederholt: {step}</translation>
    </message>
    <message>
        <source>Written out: {step}</source>
        <translation>Ausgegeben: {step}</translation>
    </message>
    <message>
        <source>Sent: {step}</source>
        <translation type="vanished">Gesendet: {step}</translation>
    </message>
    <message>
        <source>Sent: {step}, to {name}</source>
        <translation>Gesendet: {step}, an {name}</translation>
    </message>
    <message>
        <source>{what} ({detail})</source>
        <translation>{what} ({detail})</translation>
    </message>
    <message>
        <source>{step} (undone later)</source>
        <translation>{step} (später rückgängig gemacht)</translation>
    </message>
    <message>
        <source>Find a step</source>
        <translation>Schritt suchen</translation>
    </message>
    <message>
        <source>Steps, the newest first</source>
        <translation>Schritte, der neueste zuerst</translation>
    </message>
    <message>
        <source>Reading the steps</source>
        <translation>Schritte werden gelesen</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>Als Text kopieren</translation>
    </message>
    <message numerus="yes">
        <source>%n step(s)</source>
        <translation>
            <numerusform>1 Schritt</numerusform>
            <numerusform>%n Schritte</numerusform>
        </translation>
    </message>
    <message>
        <source>{shown} of {count} steps</source>
        <translation>{shown} von {count} Schritten</translation>
    </message>
    <message>
        <source>Nothing is ever taken out of this list: each step holds the hash of the one before.</source>
        <translation>Aus dieser Liste wird nie etwas entfernt: Jeder Schritt enthält den Hashwert des vorigen.</translation>
    </message>
    <message numerus="yes">
        <source>Copied %n step(s)</source>
        <translation>
            <numerusform>1 Schritt kopiert</numerusform>
            <numerusform>%n Schritte kopiert</numerusform>
        </translation>
    </message>
    <message>
        <source>Hide the pass-phrase</source>
        <translation>Passphrase verbergen</translation>
    </message>
    <message>
        <source>Show the pass-phrase</source>
        <translation>Passphrase zeigen</translation>
    </message>
    <message>
        <source>Type the pass-phrase first</source>
        <translation>Erst die Passphrase eintippen</translation>
    </message>
    <message>
        <source>“{label}” is encrypted</source>
        <translation>„{label}“ ist verschlüsselt</translation>
    </message>
    <message>
        <source>Type its pass-phrase to open it. Nothing is sent or kept outside this computer&apos;s memory.</source>
        <translation>Geben Sie die Passphrase ein, um ihn zu öffnen. Nichts wird gesendet oder außerhalb des Speichers dieses Rechners aufbewahrt.</translation>
    </message>
    <message>
        <source>Pass-phrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>Trying it, about a second</source>
        <translation>Wird geprüft, etwa eine Sekunde</translation>
    </message>
    <message>
        <source>Without the pass-phrase nobody can open the case again, Theatrum neither. Undo, plans and pictures stay in the case as they are. What lay unencrypted on the disk may be readable until it is written over; copies and backups stay as they are.</source>
        <translation>Ohne die Passphrase kann niemand den Fall wieder öffnen, auch Theatrum nicht. Verlauf, Pläne und Bilder bleiben im Fall, wie sie sind. Was unverschlüsselt auf dem Datenträger lag, ist vielleicht lesbar, bis es überschrieben wird; Kopien und Sicherungen bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>New pass-phrase</source>
        <translation>Neue Passphrase</translation>
    </message>
    <message>
        <source>The same again</source>
        <translation>Noch einmal dieselbe</translation>
    </message>
    <message>
        <source>Keep the key in this computer&apos;s keyring</source>
        <translation>Schlüssel im Schlüsselbund dieses Rechners aufbewahren</translation>
    </message>
    <message>
        <source>At least {count} letters. Several words are easy to keep in mind.</source>
        <translation>Mindestens {count} Zeichen. Mehrere Wörter merkt man sich leicht.</translation>
    </message>
    <message>
        <source>Type it again below.</source>
        <translation>Geben Sie sie unten noch einmal ein.</translation>
    </message>
    <message>
        <source>The two differ.</source>
        <translation>Die beiden unterscheiden sich.</translation>
    </message>
    <message>
        <source>Both are the same.</source>
        <translation>Beide sind gleich.</translation>
    </message>
    <message>
        <source>De-identifying files</source>
        <translation>Dateien werden anonymisiert</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) written.</source>
        <translation>
            <numerusform>1 Datei geschrieben.</numerusform>
            <numerusform>%n Dateien geschrieben.</numerusform>
        </translation>
    </message>
    <message>
        <source>Left out: {count}, {why}.</source>
        <translation>Ausgelassen: {count}, {why}.</translation>
    </message>
    <message>
        <source>Look at what you give away: no program can promise that nobody is recognised.</source>
        <translation>Sehen Sie an, was Sie weitergeben: Kein Programm kann versprechen, dass niemand erkannt wird.</translation>
    </message>
    <message>
        <source>The files lie in {name}</source>
        <translation>Die Dateien liegen in {name}</translation>
    </message>
    <message>
        <source>Navigation system: {what}</source>
        <translation>Navigationssystem: {what}</translation>
    </message>
    <message>
        <source>Connected to {partner}. Research use only: never steer by it.</source>
        <translation>Verbunden mit {partner}. Nur für Forschungszwecke: niemals danach steuern.</translation>
    </message>
    <message>
        <source>Tool</source>
        <translation>Werkzeug</translation>
    </message>
    <message>
        <source>No plan: only take the tools&apos; places</source>
        <translation>Kein Plan: nur die Orte der Werkzeuge empfangen</translation>
    </message>
    <message>
        <source>Shows a plan&apos;s points, lines and planes to a system that listens for OpenIGTLink, and draws where its tools are.</source>
        <translation>Zeigt Punkte, Linien und Ebenen eines Plans einem System, das auf OpenIGTLink wartet, und zeichnet ein, wo dessen Werkzeuge sind.</translation>
    </message>
    <message>
        <source>Research use only: never steer by it</source>
        <translation>Nur für Forschungszwecke: niemals danach steuern</translation>
    </message>
    <message>
        <source>Nothing checks that the patient lies as on the scan. The line is not secured, and whoever answers at the address is believed.</source>
        <translation>Nichts prüft, ob der Patient so liegt wie im Scan. Die Verbindung ist nicht gesichert, und wer unter der Adresse antwortet, dem wird geglaubt.</translation>
    </message>
    <message>
        <source>Tool&apos;s axis, from its tip to the hand</source>
        <translation type="vanished">Achse des Werkzeugs, von der Spitze zur Hand</translation>
    </message>
    <message>
        <source>Tools&apos; axis, tip to hand</source>
        <translation>Achse des Werkzeugs, von der Spitze zur Hand</translation>
    </message>
    <message>
        <source>Not known</source>
        <translation>Nicht bekannt</translation>
    </message>
    <message>
        <source>Disconnect</source>
        <translation>Trennen</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>Disconnect first to change where it goes and what is sent.</source>
        <translation>Erst trennen, um das Ziel oder das Gesendete zu ändern.</translation>
    </message>
    <message>
        <source>Type the host: an address or a computer&apos;s name.</source>
        <translation>Den Host eingeben: eine Adresse oder den Namen eines Computers.</translation>
    </message>
    <message>
        <source>The port is a whole number from 1 to {most}.</source>
        <translation>Der Port ist eine ganze Zahl von 1 bis {most}.</translation>
    </message>
    <message>
        <source>Nothing is connected.</source>
        <translation>Nichts ist verbunden.</translation>
    </message>
    <message>
        <source>This case has no plan with points, lines or planes.</source>
        <translation>Dieser Fall hat keinen Plan mit Punkten, Linien oder Ebenen.</translation>
    </message>
    <message>
        <source>Its points, lines and planes as the case has them when it connects; no image and no patient&apos;s name.</source>
        <translation>Seine Punkte, Linien und Ebenen, wie der Fall sie beim Verbinden hat; kein Bild und kein Name des Patienten.</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>Nicht verbunden</translation>
    </message>
    <message>
        <source>Connecting to {partner}</source>
        <translation>Verbindung zu {partner} wird aufgebaut</translation>
    </message>
    <message>
        <source>The navigation system has plan {name} as it was: disconnect and connect again</source>
        <translation>Das Navigationssystem hat Plan {name} in einer früheren Fassung: trennen und neu verbinden</translation>
    </message>
    <message>
        <source>The navigation system tells of more than {most} tools: not all are shown</source>
        <translation>Das Navigationssystem meldet mehr als {most} Instrumente: nicht alle werden gezeigt</translation>
    </message>
    <message>
        <source>Connected to {partner}</source>
        <translation>Verbunden mit {partner}</translation>
    </message>
    <message>
        <source>No tool yet.</source>
        <translation>Noch kein Werkzeug.</translation>
    </message>
    <message>
        <source>{name}: stale, {seconds} s</source>
        <translation>{name}: veraltet, {seconds} s</translation>
    </message>
    <message>
        <source>{name}: its place is fresh</source>
        <translation>{name}: Ort ist aktuell</translation>
    </message>
    <message>
        <source>Nothing can be measured in this view. Measure in a slice or in 3D.</source>
        <translation>In dieser Ansicht lässt sich nichts messen. In einem Schnitt oder in 3D messen.</translation>
    </message>
    <message>
        <source>This is measured in a slice, not in 3D.</source>
        <translation>Das wird in einem Schnitt gemessen, nicht in 3D.</translation>
    </message>
    <message>
        <source>No surface lies there. Choose a place on one.</source>
        <translation>Dort liegt keine Oberfläche. Eine Stelle auf einer wählen.</translation>
    </message>
</context>
<context>
    <name>panel.strokes</name>
    <message>
        <source>scribble</source>
        <translation>anstreichen</translation>
    </message>
</context>
</TS>
